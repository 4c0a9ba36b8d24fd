using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OrleansCluster.Web.Exchange;

/// <summary>Answers as JSON.</summary>
internal static class Answers
{
    public const string Json = "application/json";

    private const int LongestKept = 64 << 10;

    /// <summary>What the thread wrote its last answer on.</summary>
    [ThreadStatic]
    private static Sheet? _sheet;

    /// <summary>JSON is not put into pages here, so that letters and quotes stay as they are.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document.</summary>
    public static async Task WriteAsync<T>(HttpContext http, int status, T document, JsonTypeInfo<T> type, string contentType = Json)
    {
        http.Response.StatusCode = status;
        await WriteAsync(http, json => JsonSerializer.Serialize(json, document, type), contentType).ConfigureAwait(false);
    }

    /// <summary>Writes a document that was found.</summary>
    public static Task WriteAsync<T>(HttpContext http, T document, JsonTypeInfo<T> type) => WriteAsync(http, StatusCodes.Status200OK, document, type);

    /// <summary>Writes bytes.</summary>
    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> body, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Writes JSON by hand, for answers with a number a row.</summary>
    public static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write, string contentType = Json)
    {
        Sheet sheet = _sheet ?? new Sheet();
        // Nobody else has it meanwhile, whatever is written, and on whichever thread this goes on.
        _sheet = null;
        write(sheet.Json);
        sheet.Json.Flush();
        http.Response.ContentType = contentType;
        http.Response.ContentLength = sheet.Bytes.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method))
            http.Response.BodyWriter.Write(sheet.Bytes.WrittenSpan);
        if (sheet.Bytes.Capacity <= LongestKept)
        {
            sheet.Bytes.ResetWrittenCount();
            sheet.Json.Reset();
            _sheet = sheet;
        }

        await http.Response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The number, or null where it has no value.</summary>
    public static double? Finite(double value) => double.IsNaN(value) ? null : value;

    /// <summary>A revision as an entity tag.</summary>
    public static string Tag(long revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>What JSON is written on, and with.</summary>
    private sealed class Sheet
    {
        public Sheet() => Json = new Utf8JsonWriter(Bytes, Options);

        public ArrayBufferWriter<byte> Bytes { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }
}
