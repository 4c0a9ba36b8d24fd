using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Models and their versions, as they are.</summary>
internal sealed class ModelEndpoints(NativeApi api)
{
    private const string Heading = "models", Root = NativeApi.Root + "/models", One = Root + "/{model}";
    private const int MostDrawn = 1_000_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Root, "listModels", "Every model that has a version, by name", ListAsync).Under(Heading).Pages().Gives<ModelPageDocument>()
            .Wired(http => Models.ListAsync(http.RequestAborted));
        routes.Map(
            "GET", One, "getModel", "A model with its versions, aliases, tags and names of clusters; its ETag is its revision",
            FindAsync).Under(Heading).Gives<ModelDocument>().Wired(http => Models.FindAsync(Name(http), http.RequestAborted));
        routes.Map(
            "GET", One + "/versions/{version}", "getVersion", "A version (a number, an alias or newest) with the training that made it",
            VersionAsync).Under(Heading).Gives<VersionDocument>()
            .Wired(http => Models.VersionAsync(Name(http), Queries.Whole(http, "version"), http.RequestAborted));
        routes.Map(
            "GET", One + "/versions/{version}/package", "getPackage", "What a version is made of",
            http => PackageAsync(http, package => package.Manifest)).Under(Heading).Gives<PackageDocument>()
            .Wired(http => Models.PackageAsync(Name(http), Queries.Whole(http, "version"), http.RequestAborted));
        routes.Map(
            "GET", One + "/versions/{version}/profile", "getProfile", "What the rows that a version was trained on look like",
            http => PackageAsync(http, package => package.Profile)).Under(Heading).Gives<ProfileFile>();
        routes.Map("GET", One + "/diff", "diffVersions", "What became of the clusters between two versions", DiffAsync).Under(Heading).Gives<DiffDocument>()
            .Wired(http => Models.CompareAsync(Name(http), Number(http, "from"), Number(http, "to"), http.RequestAborted))
            .Knows("from", "The earlier version: a number, an alias or newest").Knows("to", "The later version");
        routes.Map(
            "GET", One + "/audit", "auditModel", "The model's audit trail, newest entry first", AuditAsync).Under(Heading).Pages().Gives<AuditPageDocument>()
            .Wired(EventsAsync);
        routes.MapWire(
            "GET", One + "/resolve", "resolveModel", "Which version a number, an alias or the bare name means now, for the .NET client",
            http => Models.ResolveAsync(
                new ModelReference(Name(http), Queries.Number(http.Request, "version", 0) ?? 0, Queries.Text(http.Request, "alias") ?? ""),
                http.RequestAborted)).Under(Heading)
            .Knows("version", "A number from 1", number: true).Knows("alias", "An alias, or newest");
        routes.MapWire(
            "GET", One + "/versions/{version}/parameters", "getParameters", "The parameters of a version, for the .NET client",
            http => Models.ParametersAsync(Name(http), Queries.Whole(http, "version"), http.RequestAborted)).Under(Heading);
        routes.MapWire(
            "GET", One + "/versions/{version}/alignment", "getAlignment",
            "How a version's clusters were aligned with those of its parent, for the .NET client",
            http => Models.AlignmentAsync(Name(http), Queries.Whole(http, "version"), http.RequestAborted)).Under(Heading);
        routes.MapWire(
            "GET", One + "/distances", "getDistances", "How far the clusters that two versions both have lie apart, for the .NET client",
            http => Models.DistancesAsync(Name(http), Number(http, "from"), Number(http, "to"), http.RequestAborted)).Under(Heading)
            .Knows("from", "The earlier version's number", number: true).Knows("to", "The later version's number", number: true);
        routes.MapWire(
            "GET", One + "/divergence", "getDivergence", "The Kullback–Leibler divergence of two versions' densities, for the .NET client",
            DivergeAsync).Under(Heading)
            .Knows("from", "The version that rows are drawn from", number: true).Knows("to", "The other version", number: true)
            .Knows("rows", "How many rows are drawn", number: true).Knows("seed", "What they are drawn by", number: true);
    }

    private IModelClient Models => api.Client.Models;

    private static string Name(HttpContext http) => Queries.Path(http, "model");

    private static int Number(HttpContext http, string name) => (int)Math.Clamp(Queries.Whole(http.Request, name), int.MinValue, int.MaxValue);

    private Task<DivergenceEstimate> DivergeAsync(HttpContext http)
    {
        Queries.Check(http.Request, "from", "to", "rows", "seed");
        int rows = Number(http, "rows");
        Caller.Current.CheckModel(Name(http));
        return rows > MostDrawn
            ? throw ProblemException.Bad($"{rows} rows are more than the {MostDrawn} that are drawn for an answer.")
            : Models.DivergenceAsync(
                Name(http), Number(http, "from"), Number(http, "to"), rows,
                ulong.TryParse(Queries.Text(http.Request, "seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : 0,
                http.RequestAborted);
    }

    private async Task<ImmutableArray<ModelEvent>> EventsAsync(HttpContext http)
    {
        Queries.Check(http.Request, "limit", "after");
        (List<ModelEvent> page, _) = await EventsAsync(Name(http), http).ConfigureAwait(false);
        return [.. page];
    }

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request, "limit", "after");
        ModelOutline[] all = [.. (await api.Client.Models.ListAsync(http.RequestAborted).ConfigureAwait(false)).Where(model => !model.Versions.IsEmpty)
            .OrderBy(model => model.Name, StringComparer.Ordinal)];
        (ModelOutline[] page, string? next) = Queries.Page(http.Request, all, model => model.Name);
        await Answers.WriteAsync(
            http, new ModelPageDocument { Items = [.. page.Select(ModelDocuments.Summary)], Next = next },
            ApiJson.Default.ModelPageDocument).ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        string tag = Answers.Tag(model.Info.Revision);
        http.Response.Headers.ETag = tag;
        if (Preconditions.IsKnown(http.Request, tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await Answers.WriteAsync(
            http, ModelDocuments.Of(model.Info, model, await api.Questions.InputsAsync(model.Name, 0, http.RequestAborted).ConfigureAwait(false)),
            ApiJson.Default.ModelDocument).ConfigureAwait(false);
    }

    private async Task VersionAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        VersionSummary version = NativeApi.Pick(model, Queries.Path(http, "version"));
        await Answers.WriteAsync(
            http, ModelDocuments.Of(await WholeAsync(version, http.RequestAborted).ConfigureAwait(false)),
            ApiJson.Default.VersionDocument).ConfigureAwait(false);
    }

    private async Task PackageAsync(HttpContext http, Func<ModelPackage, ReadOnlyMemory<byte>> part)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        VersionSummary version = NativeApi.Pick(model, Queries.Path(http, "version"), kept: true);
        ModelPackage? package = await api.Client.Models.PackageAsync(model.Name, version.Version, http.RequestAborted).ConfigureAwait(false);
        if (package is null || part(package).IsEmpty)
            throw ProblemException.Missing($"Version {version.Version} of the model '{model.Name}' is older than that, and has none: train it again.");
        await Answers.WriteAsync(http, part(package), Answers.Json).ConfigureAwait(false);
    }

    private async Task DiffAsync(HttpContext http)
    {
        Queries.Check(http.Request, "from", "to");
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        string from = Queries.Text(http.Request, "from") ?? throw ProblemException.Bad("The parameter from is missing: name the earlier version.");
        string to = Queries.Text(http.Request, "to") ?? throw ProblemException.Bad("The parameter to is missing: name the later version.");
        ModelVersion before = await WholeAsync(NativeApi.Pick(model, from, kept: true), http.RequestAborted).ConfigureAwait(false);
        ModelVersion after = await WholeAsync(NativeApi.Pick(model, to, kept: true), http.RequestAborted).ConfigureAwait(false);
        VersionAlignment alignment = await api.Client.Models.CompareAsync(model.Name, before.Version, after.Version, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, ModelDocuments.Of(model, before, after, alignment), ApiJson.Default.DiffDocument).ConfigureAwait(false);
    }

    private async Task AuditAsync(HttpContext http)
    {
        Queries.Check(http.Request, "limit", "after");
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        (List<ModelEvent> page, string? next) = await EventsAsync(model.Name, http).ConfigureAwait(false);
        await Answers.WriteAsync(
            http, new AuditPageDocument { Items = [.. page.Select(EventDocuments.Of)], Next = next }, ApiJson.Default.AuditPageDocument).ConfigureAwait(false);
    }

    private async Task<(List<ModelEvent> Page, string? Next)> EventsAsync(string model, HttpContext http)
    {
        int limit = Queries.Limit(http.Request);
        long after = Queries.Number(http.Request, "after", 1) ?? long.MaxValue;
        var page = new List<ModelEvent>();
        await foreach (ModelEvent e in Models.EventsAsync(model, http.RequestAborted).ConfigureAwait(false))
        {
            if (e.Revision >= after)
                continue;
            if (page.Count == limit)
                return (page, page[^1].Revision.ToString(CultureInfo.InvariantCulture));
            page.Add(e);
        }

        return (page, null);
    }

    private async Task<ModelVersion> WholeAsync(VersionSummary version, CancellationToken cancellation) =>
        await api.Client.Models.VersionAsync(version.Name, version.Version, cancellation).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"Version {version.Version} of the model '{version.Name}' is gone.");
}
