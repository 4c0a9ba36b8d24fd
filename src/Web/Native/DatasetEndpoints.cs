using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Native;

/// <summary>Datasets: rows in, versions out.</summary>
internal sealed class DatasetEndpoints(NativeApi api)
{
    private const string Heading = "datasets", Root = NativeApi.Root + "/datasets", Expect = "expect", OnBroken = "on_broken", Dense = "dense",
        Features = "features";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Root, "listDatasets", "The newest version of every dataset, by name", ListAsync).Under(Heading).Pages().Gives<DatasetPageDocument>()
            .Wired(http => api.Client.Datasets.ListAsync(http.RequestAborted));
        IEndpointConventionBuilder upload = routes
            .Map(
                "POST", Root + "/{dataset}", "uploadDataset",
                "A new version of a dataset from a file that is sent as the body; the same rows again are the same version", UploadAsync)
            .Under(Heading).Takes<Stream>(TableBody.Types).Gives<DatasetDocument>(StatusCodes.Status201Created).Gives<DatasetDocument>();
        foreach ((string name, string help) in TableBody.Parameters)
            upload.Knows(name, help, number: name == TableBody.Skip);
        upload.Knows(Expect, "What is expected of the rows, separated by semicolons: age in 0..120; missing(income) < 5%");
        upload.Knows(Dense, "true: rows of svmlight text and sparse matrices are stored with their zeros");
        upload.Knows(Features, "How many columns svmlight text has [default: as many as its greatest index says]", number: true);
        upload.Knows(OnBroken, "What becomes of rows that are not so: refuse (all rows, when all were looked at) or count (they are kept) [default: refuse]");
        routes.Map("GET", Root + "/{dataset}", "getDataset", "The newest version of a dataset", FindAsync).Under(Heading).Gives<DatasetDocument>();
        routes.Map(
            "POST", Root + "/{dataset}/rename", "renameDataset", "Gives a dataset another name; its versions are still found by the old one",
            RenameAsync).Under(Heading).Takes<RenameDocument>().Gives<DatasetDocument>();
        routes.Map(
            "GET", Root + "/{dataset}/versions/{version}", "getDatasetVersion", "A version of a dataset", FindAsync).Under(Heading).Gives<DatasetDocument>()
            .Wired(http => api.Client.Datasets.FindAsync(Queries.Path(http, "dataset"), Queries.Whole(http, "version"), http.RequestAborted));
        routes.MapWireStream(
            "GET", Root + "/{dataset}/versions/{version}/rows", "readRows", "The rows of a version, in order, for the .NET client", Rows).Under(Heading)
            .Knows("columns", "Positions of the columns wanted, in their order, from 0: 0,2")
            .Knows("layout", "sparse: rows that are stored so come without their zeros, in all columns");
        routes.MapWire(
            "GET", Root + "/{dataset}/versions/{version}/shards/{shard}", "verifyShard",
            "Whether a shard of a version is what its manifest says, for the .NET client", VerifyAsync).Under(Heading);
    }

    private async IAsyncEnumerable<DatasetRows> Rows(HttpContext http)
    {
        Queries.Check(http.Request, "columns", "layout");
        ImmutableArray<int> columns = [.. (Queries.Text(http.Request, "columns") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Column)];
        DatasetVersion dataset = await WholeAsync(http).ConfigureAwait(false);
        bool sparse = Queries.Word(http.Request, "layout", DatasetLayouts.Sparse) is not null;
        await foreach (DatasetRows rows in (sparse ? api.Client.Datasets.ReadSparseAsync(dataset, http.RequestAborted)
            : api.Client.Datasets.ReadAsync(dataset, columns, http.RequestAborted)).ConfigureAwait(false))
            yield return rows;

        static int Column(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int column)
            ? column
            : throw ProblemException.Bad($"The parameter columns has '{text}', which is no position of a column.");
    }

    private async Task<string> VerifyAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        return await api.Client.Datasets.VerifyAsync(
            await WholeAsync(http).ConfigureAwait(false), Queries.Whole(http, "shard"), http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<DatasetVersion> WholeAsync(HttpContext http)
    {
        (string name, int version) = (Queries.Path(http, "dataset"), Queries.Whole(http, "version"));
        return await api.Client.Datasets.FindAsync(name, version, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Bad($"There is no version {version} of the dataset '{name}'.");
    }

    private async Task RenameAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        RenameDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RenameDocument).ConfigureAwait(false);
        string name = Queries.Path(http, "dataset"), to = GrainKeys.CheckName("dataset", asked.Name);
        if (await api.Client.Datasets.FindAsync(name, 0, http.RequestAborted).ConfigureAwait(false) is not { } before || before.Name != name)
            throw ProblemException.Missing($"There is no dataset '{name}': upload it first, or correct the name.");
        try
        {
            DatasetVersion renamed = await api.Client.Datasets.RenameAsync(name, to, http.RequestAborted).ConfigureAwait(false);
            await Answers.WriteAsync(http, Document(renamed), ApiJson.Default.DatasetDocument).ConfigureAwait(false);
        }
        catch (ClusteringException refused)
        {
            throw new ProblemException(409, ProblemKinds.Conflict, refused.Message, refused);
        }
    }

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request, "limit", "after");
        ImmutableArray<DatasetVersion> all = await api.Client.Datasets.ListAsync(http.RequestAborted).ConfigureAwait(false);
        (DatasetVersion[] page, string? next) = Queries.Page(http.Request, all, dataset => dataset.Name);
        await Answers.WriteAsync(
            http, new DatasetPageDocument { Items = [.. page.Select(Document)], Next = next }, ApiJson.Default.DatasetPageDocument).ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        string name = Queries.Path(http, "dataset");
        int version = http.Request.RouteValues.ContainsKey("version") ? Queries.Version(http) : 0;
        DatasetVersion dataset = await api.Client.Datasets.FindAsync(name, version, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Missing(version == 0
                ? $"There is no dataset '{name}': upload it first, or correct the name."
                : $"There is no version {version} of the dataset '{name}'.");
        await Answers.WriteAsync(http, Document(dataset), ApiJson.Default.DatasetDocument).ConfigureAwait(false);
    }

    private async Task UploadAsync(HttpContext http)
    {
        string name = GrainKeys.CheckName("dataset", Queries.Path(http, "dataset"));
        ReadOptions options = TableBody.Options(http.Request, Expect, OnBroken, Dense, Features) with { Typed = true, AllowsMissing = true };
        ImmutableArray<Expectation> expectations = Expectation.ParseAll(Queries.Text(http.Request, Expect) ?? "");
        options = options with
        {
            Sparse = Queries.Word(http.Request, Dense, "true", "false") != "true",
            Features = Queries.Number(http.Request, Features, 1),
            HasFeatures = Queries.Text(http.Request, Features) is not null,
        };
        BrokenRows broken = Queries.Word(http.Request, OnBroken, "refuse", "count") == "count" ? BrokenRows.Count : BrokenRows.Refuse;
        IClusteringClient client = api.Client;
        int before = (await client.Datasets.FindAsync(name, 0, http.RequestAborted).ConfigureAwait(false))?.Version ?? 0;
        await using TableBody table = await TableBody.OpenAsync(http, options).ConfigureAwait(false);
        IRowReader reader = await table.ReadAsync(
            opened => expectations.IsEmpty ? opened.Read(options) : new ExpectedRows(opened.Read(options), opened.Name, expectations, broken))
            .ConfigureAwait(false);
        var schema = new DatasetSchema
        {
            Name = name,
            Columns = [.. reader.Columns],
            Precision = reader.Precision == Numerics.Rows.Precision.Float32 ? "f4" : "f8",
            IdColumn = reader.IdColumn,
            WeightColumn = reader.WeightColumn,
            Source = NativeApi.By,
            By = NativeApi.By,
            Types = [.. reader.Types.Select(RowColumn.NameOf)],
            Layout = reader.IsSparse ? DatasetLayouts.Sparse : "",
        };
        await using IDatasetImport import = await client.Datasets.ImportAsync(schema, http.RequestAborted).ConfigureAwait(false);
        await foreach (RowBatch batch in table.BatchesAsync(batch => batch, http.RequestAborted).ConfigureAwait(false))
        {
            await import.AppendAsync(batch.Values, batch.Weights, batch.Ids, http.RequestAborted).ConfigureAwait(false);
            batch.Return();
        }

        for (int column = 0; column < reader.Columns.Count; column++)
            await import.AddCategoriesAsync(column, 0, [.. reader.Categories(column)], http.RequestAborted).ConfigureAwait(false);
        if (reader is ExpectedRows expected)
            await import.ExpectAsync([.. expected.Conclude().Select(Result)], http.RequestAborted).ConfigureAwait(false);
        DatasetVersion dataset = await import.CommitAsync(http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{Root}/{Uri.EscapeDataString(name)}/versions/{dataset.Version}");
        await Answers.WriteAsync(
            http, dataset.Version > before ? StatusCodes.Status201Created : StatusCodes.Status200OK, Document(dataset),
            ApiJson.Default.DatasetDocument).ConfigureAwait(false);
    }

    internal static DatasetDocument Document(DatasetVersion dataset) => new()
    {
        Name = dataset.Name,
        Version = dataset.Version,
        Rows = dataset.Rows,
        Columns = dataset.Columns.Length,
        ColumnRanges = [.. dataset.Columns.Select(column => new ColumnRangeDocument
        {
            Name = column.Name,
            Minimum = column.Minimum,
            Maximum = column.Maximum,
            Mean = column.Mean,
            Type = column.Type.Length > 0 ? column.Type : "number",
            Missing = column.Missing,
            Categories = column.Type == "category" ? column.Categories.Length : null,
        })],
        Precision = dataset.Precision,
        Layout = dataset.Layout.Length > 0 ? dataset.Layout : null,
        IdColumn = dataset.IdColumn,
        WeightColumn = dataset.WeightColumn,
        Manifest = dataset.Manifest,
        Shards = dataset.Shards,
        Bytes = dataset.Bytes,
        Created = dataset.Created,
        Source = dataset.Source,
        Expectations = dataset.Expectations.IsDefaultOrEmpty ? null : ExpectationDocuments.Of(dataset.Expectations),
    };

    private static ExpectationResult Result(ExpectationOutcome outcome) => new() { Expectation = outcome.Expectation.Text, Broken = outcome.Broken };
}
