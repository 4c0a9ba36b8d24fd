using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What rows look like that a model was asked about, and how far that is from its training rows.</summary>
internal sealed class MonitorEndpoints(NativeApi api)
{
    private const string Heading = "monitoring", One = NativeApi.Root + "/models/{model}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", One + "/windows", "listWindows", "The windows of rows that were observed under a model, the oldest first", ListAsync)
            .Under(Heading).Gives<WindowsDocument>()
            .Wired(http => api.Client.Monitor.WindowsAsync(Queries.Path(http, "model"), http.RequestAborted));
        routes.Map("GET", One + "/segments", "listSegmentChecks", "Checks of segments that were told of a model, the oldest first", async http =>
            await ChecksAsync(http, await ListChecksAsync(http).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Gives<SegmentChecksDocument>().Wired(ListChecksAsync);
        routes.Map("POST", One + "/segments", "tellSegmentCheck", "Keeps a check of segments, for rules to look at", async http =>
            await ChecksAsync(http, await TellAsync(http).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Takes<SegmentCheckDocument>().Gives<SegmentChecksDocument>().Wired(TellAsync);
        routes.Map(
            "GET", One + "/profile", "profileClusters", "What the clusters of a version are like: what sets each apart, its values, rows that show it",
            ProfileAsync).Under("models")
            .Knows("version", "Number, alias or newest [default: the champion, else the newest]")
            .Knows("cluster", "Id of the only cluster to tell of [default: all]", number: true)
            .Knows("rows", "How many typical, representative and doubtful rows of each are told, at most 20 [default: 3]", number: true)
            .Knows("columns", "How many columns of each are told, those first that set it apart [default: all]", number: true)
            .Gives<ClusterProfilesDocument>()
            .Wired(ClustersAsync);
        routes.Map(
            "GET", One + "/drift", "getDrift", "How far the rows of a window are from those that the version was trained on, or from another window",
            CompareAsync).Under(Heading)
            .Knows("version", "Number, alias or newest [default: the champion, else the newest]")
            .Knows("window", "Name of the window [default: the newest of the version]")
            .Knows("against", "Name of the window to compare with [default: the training rows]")
            .Gives<DriftDocument>()
            .Wired(async http => await ReportAsync(http).ConfigureAwait(false));
    }

    private async Task ProfileAsync(HttpContext http) =>
        await Answers.WriteAsync(http, (await ClustersAsync(http).ConfigureAwait(false)).Document, Answers.Json).ConfigureAwait(false);

    private async Task<ClusterProfiles> ClustersAsync(HttpContext http)
    {
        Queries.Check(http.Request, "version", "cluster", "rows", "columns");
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        string version = Queries.Text(http.Request, "version") ?? model.Info.Default.ToString(CultureInfo.InvariantCulture);
        var query = new ProfileQuery
        {
            Version = NativeApi.Pick(model, version, kept: true).Version,
            Cluster = Queries.Number(http.Request, "cluster", 0) ?? -1,
            Rows = Queries.Number(http.Request, "rows", 0, ProfileQuery.MostRows) ?? new ProfileQuery().Rows,
            Columns = Queries.Number(http.Request, "columns", 1) ?? 0,
        };
        return await api.Client.Models.ProfileAsync(model.Name, query, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        await Answers.WriteAsync(
            http, WindowDocuments.Of(model.Name, await api.Client.Monitor.WindowsAsync(model.Name, http.RequestAborted).ConfigureAwait(false)),
            ApiJson.Default.WindowsDocument).ConfigureAwait(false);
    }

    private async Task<ImmutableArray<SegmentCheck>> ListChecksAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        return await api.Client.Monitor.ChecksAsync((await api.ModelAsync(http).ConfigureAwait(false)).Name, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ImmutableArray<SegmentCheck>> TellAsync(HttpContext http)
    {
        SegmentCheckDocument told = await Bodies.ReadAsync(http, ApiJson.Default.SegmentCheckDocument).ConfigureAwait(false);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        return await api.Client.Monitor.TellAsync(model.Name, SegmentDocuments.Read(told, NativeApi.By, ""), http.RequestAborted).ConfigureAwait(false);
    }

    private static Task ChecksAsync(HttpContext http, ImmutableArray<SegmentCheck> checks) => Answers.WriteAsync(
        http, SegmentDocuments.Of(Queries.Path(http, "model"), checks), ApiJson.Default.SegmentChecksDocument);

    private async Task CompareAsync(HttpContext http)
    {
        DriftReport report = await ReportAsync(http).ConfigureAwait(false);
        await Answers.WriteAsync(http, report.Document, Answers.Json).ConfigureAwait(false);
    }

    private async Task<DriftReport> ReportAsync(HttpContext http)
    {
        Queries.Check(http.Request, "version", "window", "against");
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        string version = Queries.Text(http.Request, "version") ?? model.Info.Default.ToString(CultureInfo.InvariantCulture);
        var query = new DriftQuery
        {
            Version = NativeApi.Pick(model, version, kept: true).Version,
            Window = Queries.Text(http.Request, "window") ?? "",
            Against = Queries.Text(http.Request, "against") ?? "",
        };
        ImmutableArray<ObservedWindow> windows = await api.Client.Monitor.WindowsAsync(model.Name, http.RequestAborted).ConfigureAwait(false);
        string[] known = [.. windows.Where(window => window.Version == query.Version).Select(window => window.Name)];
        if (known.Length == 0)
            throw ProblemException.Missing($"Nothing was observed yet under version {query.Version} of the model '{model.Name}'.");
        foreach (string name in new[] { query.Window, query.Against }.Where(name => name.Length > 0 && !known.Contains(name)))
            throw ProblemException.Missing(
                $"There is no window '{name}' of version {query.Version} of the model '{model.Name}': there are {string.Join(", ", known.TakeLast(10))}.");
        return await api.Client.Monitor.CompareAsync(model.Name, query, http.RequestAborted).ConfigureAwait(false);
    }
}
