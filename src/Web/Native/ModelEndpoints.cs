using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Models and their versions, as they are.</summary>
internal sealed class ModelEndpoints(NativeApi api)
{
    private const string Heading = "models", Root = NativeApi.Root + "/models", One = Root + "/{model}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Root, "listModels", "Every model that has a version, by name", ListAsync).Under(Heading).Pages().Gives<ModelPageDocument>();
        routes.Map(
            "GET", One, "getModel", "A model with its versions, aliases, tags and names of clusters; its ETag is its revision",
            FindAsync).Under(Heading).Gives<ModelDocument>();
        routes.Map(
            "GET", One + "/versions/{version}", "getVersion", "A version (a number, an alias or newest) with the training that made it",
            VersionAsync).Under(Heading).Gives<VersionDocument>();
        routes.Map(
            "GET", One + "/versions/{version}/package", "getPackage", "What a version is made of",
            http => PackageAsync(http, package => package.Manifest)).Under(Heading).Gives<PackageDocument>();
        routes.Map(
            "GET", One + "/versions/{version}/profile", "getProfile", "What the rows that a version was trained on look like",
            http => PackageAsync(http, package => package.Profile)).Under(Heading).Gives<ProfileFile>();
        routes.Map("GET", One + "/diff", "diffVersions", "What became of the clusters between two versions", DiffAsync).Under(Heading).Gives<DiffDocument>()
            .Knows("from", "The earlier version: a number, an alias or newest").Knows("to", "The later version");
        routes.Map(
            "GET", One + "/audit", "auditModel", "The model's audit trail, newest entry first", AuditAsync).Under(Heading).Pages().Gives<AuditPageDocument>();
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
        int limit = Queries.Limit(http.Request);
        long after = Queries.Number(http.Request, "after", 1) ?? long.MaxValue;
        var page = new List<EventDocument>();
        string? next = null;
        await foreach (ModelEvent e in api.Client.Models.EventsAsync(model.Name, http.RequestAborted).ConfigureAwait(false))
        {
            if (e.Revision >= after)
                continue;
            if (page.Count == limit)
            {
                next = page[^1].Revision.ToString(CultureInfo.InvariantCulture);
                break;
            }

            page.Add(EventDocuments.Of(e));
        }

        await Answers.WriteAsync(http, new AuditPageDocument { Items = [.. page], Next = next }, ApiJson.Default.AuditPageDocument).ConfigureAwait(false);
    }

    private async Task<ModelVersion> WholeAsync(VersionSummary version, CancellationToken cancellation) =>
        await api.Client.Models.VersionAsync(version.Name, version.Version, cancellation).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"Version {version.Version} of the model '{version.Name}' is gone.");
}
