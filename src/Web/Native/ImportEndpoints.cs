using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>
/// Imports message by message, for programs that have rows and no file. An import has a name that its sender chose; every message may be sent again, and to any
/// service of the cluster.
/// </summary>
internal sealed class ImportEndpoints(NativeApi api)
{
    private const string Heading = "datasets", One = NativeApi.Root + "/imports/{import}";

    /// <summary>Some more than the messages of the .NET client have.</summary>
    private const int MostMessageBytes = 8 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("PUT", One, "beginImport", "Begins a new version of a dataset whose rows are sent message by message", BeginAsync).Under(Heading)
            .Takes<ImportDocument>().GivesNothing();
        routes.Map("POST", One + "/rows", "importRows", "Adds rows: a document with its length before it, and values behind it", RowsAsync).Under(Heading)
            .Takes<Stream>(Client.Http.WireFormat.MediaType).GivesNothing();
        routes.Map(
            "POST", One + "/continue", "continueImport", "Adds the rows of a shard of the dataset's newest version, before any others", ContinueAsync)
            .Under(Heading).GivesNothing()
            .Knows("version", "The newest version", number: true).Knows("shard", "From 0, one after the other", number: true);
        routes.Map("POST", One + "/categories", "importCategories", "Says which texts values of a category stand for", CategoriesAsync).Under(Heading)
            .Takes<ImportCategoriesDocument>().GivesNothing();
        routes.Map("POST", One + "/expectations", "importExpectations", "Says what was expected of the rows, by who looked at them", ExpectationsAsync)
            .Under(Heading).Takes<ImportExpectationsDocument>().GivesNothing();
        routes.Map("POST", One + "/commit", "commitImport", "Publishes the version; the same rows again are the same version", CommitAsync).Under(Heading)
            .Gives<DatasetDocument>().Wired(http => Session(http).CommitAsync(http.RequestAborted));
        routes.Map("DELETE", One, "abortImport", "Forgets an import that was not published", AbortAsync).Under(Heading).GivesNothing();
    }

    private IImportSession Session(HttpContext http) => api.Client.Datasets.Session(Queries.Path(http, "import"));

    private async Task BeginAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ImportDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.ImportDocument).ConfigureAwait(false);
        var schema = new DatasetSchema
        {
            Name = asked.Dataset,
            Columns = [.. asked.Columns],
            Precision = asked.Precision,
            IdColumn = asked.IdColumn,
            WeightColumn = asked.WeightColumn,
            Source = asked.Source.Length > 0 ? asked.Source : NativeApi.By,
            By = NativeApi.By,
            Types = [.. asked.Types],
            Layout = asked.Layout,
        };
        await Session(http).BeginAsync(schema, http.RequestAborted).ConfigureAwait(false);
        Done(http);
    }

    private async Task RowsAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (ImportRowsDocument head, ReadOnlyMemory<byte> bytes) = await WireAnswers.ReadAsync(
            http, ApiJson.Default.ImportRowsDocument, MostMessageBytes).ConfigureAwait(false);
        if (head.ValueBytes < 0 || head.ValueBytes > bytes.Length)
            throw ProblemException.Content($"The rows' values are said to have {head.ValueBytes} bytes, and {bytes.Length} came.");
        var rows = new ImportRows
        {
            Sequence = head.Sequence,
            Values = bytes[..head.ValueBytes],
            Weights = bytes[head.ValueBytes..],
            Ids = [.. head.Ids],
        };
        await Session(http).AppendAsync(rows, http.RequestAborted).ConfigureAwait(false);
        Done(http);
    }

    private async Task ContinueAsync(HttpContext http)
    {
        Queries.Check(http.Request, "version", "shard");
        await Session(http).ContinueAsync(
            Queries.Number(http.Request, "version", 1) ?? throw ProblemException.Bad("The parameter version is missing."),
            Queries.Number(http.Request, "shard", 0) ?? throw ProblemException.Bad("The parameter shard is missing."), http.RequestAborted)
            .ConfigureAwait(false);
        Done(http);
    }

    private async Task CategoriesAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ImportCategoriesDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.ImportCategoriesDocument).ConfigureAwait(false);
        await Session(http).AddCategoriesAsync(
            new ImportCategories { Column = asked.Column, First = asked.First, Texts = [.. asked.Texts] }, http.RequestAborted).ConfigureAwait(false);
        Done(http);
    }

    private async Task ExpectationsAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ImportExpectationsDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.ImportExpectationsDocument).ConfigureAwait(false);
        // They are read again with every version that is appended: what is none may not get there.
        foreach (ExpectationDocument one in asked.Expectations)
            _ = Expectation.ParseAll(one.Expectation);
        await Session(http).ExpectAsync(ExpectationDocuments.Read(asked.Expectations), http.RequestAborted).ConfigureAwait(false);
        Done(http);
    }

    private async Task CommitAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        DatasetVersion dataset = await Session(http).CommitAsync(http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, DatasetEndpoints.Document(dataset), ApiJson.Default.DatasetDocument).ConfigureAwait(false);
    }

    private async Task AbortAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await Session(http).AbortAsync().ConfigureAwait(false);
        Done(http);
    }

    private static void Done(HttpContext http) => http.Response.StatusCode = StatusCodes.Status204NoContent;
}
