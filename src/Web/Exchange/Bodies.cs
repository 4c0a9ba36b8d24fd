using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Exchange;

/// <summary>What requests bring with them.</summary>
internal static class Bodies
{
    /// <summary>Most bytes of a document; no answer to a question about a model is one.</summary>
    private const int MostDocumentBytes = 1 << 20;

    /// <summary>A JSON document.</summary>
    /// <exception cref="ProblemException">It is no JSON, too long, or says what nothing knows.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class => Parse(await ReadJsonAsync(http, MostDocumentBytes).ConfigureAwait(false), type);

    /// <summary>A JSON document.</summary>
    /// <exception cref="ProblemException">It says what nothing knows, or is no JSON.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw ProblemException.Content("The body is null: send a JSON object.");
        }
        catch (JsonException broken)
        {
            throw Explain(broken);
        }
    }

    /// <summary>A body of JSON, as valid UTF-8 without a byte-order mark.</summary>
    /// <exception cref="ProblemException">It is called something else, too long, or no UTF-8.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadJsonAsync(HttpContext http, long most)
    {
        if (IsPlainJson(http.Request))
            return CheckText(await ReadAllAsync(http, most).ConfigureAwait(false));
        MediaTypeHeaderValue? type = TypeOf(http.Request);
        if (type is null || !(type.MediaType == "application/json" || type.Suffix == "json"))
            throw ProblemException.Format($"The body must be JSON, with Content-Type: application/json{(type is null ? "" : $", not {type.MediaType}")}.");
        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw ProblemException.Format($"JSON is UTF-8, not {type.Charset}: encode it so, and leave charset out.");
        return CheckText(await ReadAllAsync(http, most).ConfigureAwait(false));
    }

    /// <summary>The body's media type; null: it does not say, or is none.</summary>
    public static MediaTypeHeaderValue? TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) ? type : null;

    /// <summary>Whether the body is called JSON as nearly everybody writes it: seen at a glance.</summary>
    public static bool IsPlainJson(HttpRequest request) => request.ContentType == Answers.Json;

    /// <summary>The whole body.</summary>
    /// <param name="most">Most bytes that are taken.</param>
    /// <exception cref="ProblemException">It is longer.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAllAsync(HttpContext http, long most)
    {
        HttpRequest request = http.Request;
        if (request.ContentLength > most)
            throw ProblemException.TooLarge($"The body has {request.ContentLength} bytes, and at most {most} are taken here: send it in parts.");
        // A connection that ends ends the reading, too, and says whether all had come.
        ReadResult read = await request.BodyReader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        if (read.IsCompleted && read.Buffer.Length <= most)
        {
            byte[] all = read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return all;
        }

        // What a length promises is not believed: memory grows with what has come.
        using var whole = new MemoryStream();
        while (true)
        {
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
                whole.Write(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (whole.Length > most)
                throw ProblemException.TooLarge($"The body has more than the {most} bytes that are taken here: send it in parts.");
            if (read.IsCompleted)
                return whole.GetBuffer().AsMemory(0, (int)whole.Length);
            read = await request.BodyReader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Checks that bytes are UTF-8.</summary>
    /// <returns>The bytes without a byte-order mark.</returns>
    /// <exception cref="ProblemException">They are not; the message says where.</exception>
    public static ReadOnlyMemory<byte> CheckText(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            throw ProblemException.Content($"Byte {Invalid(body.Span)} of the body (from 0) is no UTF-8: encode it as UTF-8.");
        return body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
    }

    /// <summary>A text, or the name of a member.</summary>
    /// <param name="json">At it.</param>
    /// <exception cref="ProblemException">It has half of a character.</exception>
    public static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw ProblemException.Content(
                $"The text {Encoding.UTF8.GetString(json.ValueSpan)} has half of a character, which is written as two \\u with four digits each.", broken);
        }
    }

    /// <summary>What is wrong with JSON, for people.</summary>
    public static ProblemException Explain(JsonException broken)
    {
        string path = string.IsNullOrEmpty(broken.Path) || broken.Path == "$" ? "" : $" at {broken.Path}";
        if (broken.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return ProblemException.Content($"Nothing knows the member '{Quoted(broken.Message)}'{path}: /openapi/v1.json says which there are.", broken);
        if (broken.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase))
            return ProblemException.Content($"The member '{Quoted(broken.Message)}' is given twice: give it once.", broken);
        if (broken.Message.Contains("converted to", StringComparison.Ordinal))
            return ProblemException.Content(
                $"The value{path} (line {broken.LineNumber + 1}) is of another kind than it must be: /openapi/v1.json says of which.", broken);
        string[] sentences = broken.Message.Split(". ");
        string word = sentences[0].Contains("'N' is", StringComparison.Ordinal) || sentences[0].Contains("'I' is", StringComparison.Ordinal)
            ? " JSON has no number that is not finite: leave such rows out."
            : "";
        return ProblemException.Content(
            $"Line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}{path}: this is no JSON that can be read ({sentences[0].TrimEnd('.')}).{word}",
                broken);
    }

    private static string Quoted(string message) => message.Split('\'') is [_, var name, ..] ? name : "";

    private static int Invalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
            at += length;
        return at;
    }
}
