using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Datasets;
using OrleansCluster.Serving;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Native;

/// <summary>
/// Answers to a table: read and answered some thousand rows at a time, whatever its length. In, any format that can be imported; out, <c>text/csv</c> (id or
/// number, cluster, distance, version), or with <c>Accept: application/octet-stream</c> the labels as int32, little-endian.
/// </summary>
internal static class TableAnswers
{
    private const string Csv = "text/csv", Binary = "application/octet-stream";

    public static async Task AssignAsync(HttpContext http, ModelQuestions questions, string model, int version)
    {
        ReadOptions options = TableBody.Options(http.Request);
        if (Bodies.TypeOf(http.Request) is { } type && !TableBody.Types.Contains(type.MediaType.Value))
            throw ProblemException.Format($"The body is {type.MediaType}: send application/json, or a table as {string.Join(", ", TableBody.Types)}.");
        string format = Format(http.Request);
        // One version answers all rows, whatever is promoted meanwhile; a route divides what it is asked row by row.
        AskedColumns inputs = await questions.InputsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        await using TableBody table = await TableBody.OpenAsync(http, options).ConfigureAwait(false);
        ModelTable? found = null;
        IRowReader reader = await table.ReadAsync(opened =>
        {
            (IRowReader begun, found) = ModelTable.Open(opened, options, inputs);
            return begun;
        }).ConfigureAwait(false);
        long rows = 0;
        await foreach ((RowBatch batch, AskedRows asked) in table.BatchesAsync(batch => (batch, found!.Of(batch)), http.RequestAborted).ConfigureAwait(false))
        {
            Assignments answer = await AnswerAsync(questions, model, version, asked, batch, http.RequestAborted).ConfigureAwait(false);
            if (rows == 0)
                Begin(http, format, reader.IdColumn);
            if (format == Binary)
                http.Response.BodyWriter.Write(answer.Labels.Span);
            else
                Write(http.Response.BodyWriter, batch, answer, rows);
            rows += batch.Rows;
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task<Assignments> AnswerAsync(
        ModelQuestions questions, string model, int version, AskedRows asked, RowBatch batch, CancellationToken cancellation)
    {
        try
        {
            return await questions.AssignAsync(model, version, asked, cancellation).ConfigureAwait(false);
        }
        catch (ProblemException wrong) when (wrong is { Row: { } row, InnerException: ClusteringException { Problem: { } problem } })
        {
            throw new ProblemException(wrong.Status, wrong.Kind, $"{batch.Place((int)row)}, column '{wrong.Column}': {problem}", wrong)
            {
                Row = batch.FirstRow + row,
                Column = wrong.Column,
            };
        }
    }

    private static void Begin(HttpContext http, string format, string? idColumn)
    {
        http.Response.ContentType = format == Csv ? "text/csv; charset=utf-8" : format;
        if (format == Csv)
            http.Response.BodyWriter.Write(Encoding.UTF8.GetBytes($"{CsvCell.Of(idColumn ?? "row")},cluster,distance,version\n"));
    }

    private static void Write(PipeWriter output, RowBatch batch, Assignments answer, long first)
    {
        const int longest = 80;
        ReadOnlySpan<int> labels = MemoryMarshal.Cast<byte, int>(answer.Labels.Span);
        ReadOnlySpan<double> distances = MemoryMarshal.Cast<byte, double>(answer.Distances.Span);
        int[] versions = answer.RowVersions();
        for (int row = 0; row < labels.Length; row++)
        {
            if (!batch.Ids.IsDefaultOrEmpty)
                output.Write(Encoding.UTF8.GetBytes(CsvCell.Of(batch.Ids[row])));
            Span<byte> line = output.GetSpan(longest);
            int length = 0;
            if (batch.Ids.IsDefaultOrEmpty)
                Utf8Formatter.TryFormat(first + row, line, out length);
            line[length++] = (byte)',';
            Utf8Formatter.TryFormat(labels[row], line[length..], out int written);
            length += written;
            line[length++] = (byte)',';
            distances[row].TryFormat(line[length..], out written, default, CultureInfo.InvariantCulture);
            length += written;
            line[length++] = (byte)',';
            Utf8Formatter.TryFormat(versions[row], line[length..], out written);
            length += written;
            line[length++] = (byte)'\n';
            output.Advance(length);
        }
    }

    private static string Format(HttpRequest request)
    {
        string accept = request.Headers.Accept.ToString();
        if (accept.Length == 0 || accept.Contains("*/*", StringComparison.Ordinal) || accept.Contains("text/", StringComparison.Ordinal))
            return Csv;
        return accept.Contains(Binary, StringComparison.Ordinal)
            ? Binary
            : throw new ProblemException(406, ProblemKinds.UnknownFormat, $"A table is answered as text/csv or {Binary}, not as {accept}.");
    }
}
