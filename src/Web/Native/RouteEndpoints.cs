using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Which versions answer a model's bare name.</summary>
internal sealed class RouteEndpoints(NativeApi api)
{
    private const string Heading = "routes", One = NativeApi.Root + "/models/{model}/route";
    private const int LongestBody = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map(
            "GET", One, "getRoute", "Who answers how much, where a canary stands, and how versions agree with the champion",
            FindAsync).Under(Heading).Gives<RouteDocument>()
            .Wired(http => api.Client.Models.RouteAsync(Queries.Path(http, "model"), http.RequestAborted));
        routes.MapWire(
            "GET", One + "/agreement", "getAgreement", "What was compared under the newest route, for the .NET client",
            http => api.Client.Models.AgreementAsync(Queries.Path(http, "model"), http.RequestAborted)).Under(Heading);
        routes.Map(
            "PUT", One, "setRoute", "Fixed shares, a canary, or shadows",
            SetAsync).Under(Heading).Takes<RouteChangeDocument>().Gives<ModelDocument>().Changes().Wired(SetWiredAsync);
        routes.Map(
            "DELETE", One, "abortRoute", "Ends the route: the champion answers everything again, at once",
            AbortAsync).Under(Heading).Gives<ModelDocument>().Changes()
            .Wired(http => api.Client.Models.SetRouteAsync(Queries.Path(http, "model"), ModelChanges.Exact(http), End, http.RequestAborted));
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        RouteStatus status = await api.Client.Models.RouteAsync(model.Name, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"There is no model '{model.Name}'.");
        RouteAgreement agreement = await api.Client.Models.AgreementAsync(model.Name, http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers.ETag = Answers.Tag(model.Info.Revision);
        await Answers.WriteAsync(http, Document(model, status, agreement), ApiJson.Default.RouteDocument).ConfigureAwait(false);
    }

    private static RouteChange End => new() { Kind = RouteChangeKind.Abort };

    private async Task<ModelInfo> SetWiredAsync(HttpContext http)
    {
        RouteChangeDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RouteChangeDocument).ConfigureAwait(false);
        return await api.Client.Models.SetRouteAsync(Queries.Path(http, "model"), ModelChanges.Exact(http), Change(asked), http.RequestAborted)
            .ConfigureAwait(false);
    }

    private async Task SetAsync(HttpContext http)
    {
        Queries.Check(http.Request, ModelChanges.Parameters);
        ReadOnlyMemory<byte> body = await Bodies.ReadJsonAsync(http, LongestBody).ConfigureAwait(false);
        RouteChangeDocument asked = Bodies.Parse(body, ApiJson.Default.RouteChangeDocument);
        RouteChange change = Change(asked);
        await api.ChangeModelAsync(
            http, body, asked.Reason,
            (model, decided) => api.Client.Models.SetRouteAsync(model.Name, decided, change, http.RequestAborted)).ConfigureAwait(false);
    }

    private async Task AbortAsync(HttpContext http)
    {
        Queries.Check(http.Request, ModelChanges.Parameters);
        await api.ChangeModelAsync(
            http, default, "", (model, decided) => api.Client.Models.SetRouteAsync(model.Name, decided, End, http.RequestAborted)).ConfigureAwait(false);
    }

    private static RouteChange Change(RouteChangeDocument asked)
    {
        if (asked.EverySeconds is not (>= 0 and < 3.2e9))
            throw ProblemException.Content($"every_seconds is {asked.EverySeconds}, and must be 0 or more.");
        return asked.Kind switch
        {
            "set" => new RouteChange
            {
                Kind = RouteChangeKind.Set,
                Shares = [.. asked.Shares.Select(share => new RouteShare { Version = share.Version, Slots = Slots(share.Share) })],
            },
            "canary" => new RouteChange
            {
                Kind = RouteChangeKind.Canary,
                Version = asked.Version,
                Steps = [.. asked.Steps.Select(Slots)],
                Every = asked.Steps.Length == 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(asked.EverySeconds),
                Guards = asked.Guards is { } guards ? DocumentNumbers.Read(guards) : null,
            },
            "shadow" => new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [.. asked.Shadows] },
            var other => throw ProblemException.Content($"The kind of the route is '{other}', and must be set, canary or shadow."),
        };
    }

    private static int Slots(double share) =>
        DocumentNumbers.Slots(share) ?? throw ProblemException.Content($"The share {share} is not from 0 to 1 in steps of 0.0001.");

    private static RouteDocument Document(ModelOutline model, RouteStatus status, RouteAgreement agreement)
    {
        ModelRoute? route = status.Route;
        // Counts of another route say nothing about this one.
        ImmutableArray<Agreement> agreements = route is not null && agreement.Route == route.Number
            ? [.. agreement.Versions.Where(counted => IsRouted(route, counted.Version))]
            : [];
        Dictionary<int, string> names = ModelDocuments.Names(model.Info);
        return new RouteDocument
        {
            Model = model.Name,
            Champion = status.Champion,
            Route = route?.Number,
            Since = route?.Since,
            By = route?.By,
            Shares = [.. Shares(status).Select(share => new ShareDocument { Version = share.Version, Share = DocumentNumbers.Share(share.Slots) })],
            Shadows = [.. route?.Shadows ?? []],
            Canary = route?.Canary is not { } canary ? null : new CanaryDocument
            {
                Version = canary.Version,
                Step = status.Step + 1,
                Steps = [.. canary.Steps.Select(DocumentNumbers.Share)],
                EverySeconds = canary.Every > TimeSpan.Zero ? canary.Every.TotalSeconds : null,
                NextInSeconds = status.Left?.TotalSeconds,
                StandsStill = status.Held.Length > 0 ? status.Held : null,
                Guards = [.. status.Guards.Select(guard => new GuardDocument { Guard = guard.Guard, Passed = guard.Passed, Value = guard.Value,
                    Limit = Answers.Finite(guard.Limit), Why = guard.Why })],
            },
            Agreement = [.. agreements.Select(one => new AgreementDocument
            {
                Version = one.Version,
                Rows = one.Labels.Sum(label => label.Rows),
                Same = one.Labels.Sum(label => label.Same),
                Errors = one.Errors,
                Clusters = [.. one.Labels.Select(label => new ClusterAgreementDocument
                {
                    Cluster = label.Label,
                    Name = names.GetValueOrDefault(label.Label),
                    Rows = label.Rows,
                    Same = label.Same,
                })],
            })],
        };
    }


    /// <summary>Whether a version still answers or is scored under the route.</summary>
    private static bool IsRouted(ModelRoute route, int version) =>
        route.Canary?.Version == version || route.Shadows.Contains(version) || route.Segments.Any(segment => segment.Version == version);

    /// <summary>Versions that answer, and a candidate or champion that does not at this moment.</summary>
    private static IEnumerable<RouteShare> Shares(RouteStatus status) =>
        new[] { status.Champion, status.Route?.Canary?.Version ?? 0 }.Where(version => version > 0).Distinct()
            .Where(version => status.Shares.All(share => share.Version != version))
            .Select(version => new RouteShare { Version = version, Slots = 0 })
            .Concat(status.Shares).OrderBy(share => share.Version);
}
