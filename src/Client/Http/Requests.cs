using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client.Http;

/// <summary>What a service is sent.</summary>
internal static class Requests
{
    /// <summary>What bytes are called that are nothing else.</summary>
    public const string Binary = "application/octet-stream";

    /// <summary>Where something of a name is.</summary>
    /// <exception cref="ClusteringException">Nothing can have that name.</exception>
    public static string Path(string list, string what, string name) => $"{list}/{Uri.EscapeDataString(GrainKeys.CheckName(what, name))}";

    /// <summary>What stands behind the question mark; what is null is left out.</summary>
    public static string Query(params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var parts = new List<string>();
        foreach ((string name, object? value) in parameters)
        {
            if (value is not null)
                parts.Add($"{name}={Uri.EscapeDataString(Convert.ToString(value, CultureInfo.InvariantCulture)!)}");
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    /// <summary>A document.</summary>
    public static Func<HttpContent> Json<T>(T document, JsonTypeInfo<T> type) =>
        () => Bytes(JsonSerializer.SerializeToUtf8Bytes(document, type), "application/json");

    /// <summary>A document with bytes behind it.</summary>
    public static Func<HttpContent> Joined<T>(T document, JsonTypeInfo<T> type, params ReadOnlyMemory<byte>[] parts) =>
        () => Bytes(WireFormat.Join(document, type, parts), WireFormat.MediaType);

    /// <summary>Bytes as they are.</summary>
    public static Func<HttpContent> Bytes(ReadOnlyMemory<byte> bytes) => () =>
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(Binary);
        return content;
    };

    /// <summary>Nothing, which some servers want to be told.</summary>
    public static HttpContent Nothing() => new ByteArrayContent([]);

    /// <summary>Rows that a model is asked about.</summary>
    public static Func<HttpContent> Rows(RowsPayload rows, int? top = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Joined(
            new BinaryRowsDocument
            {
                Precision = rows.Precision,
                Columns = rows.Columns,
                ValueBytes = rows.Values.Length,
                Top = top,
                Types = rows.Types.IsDefaultOrEmpty ? [] : [.. rows.Types.Select(column =>
                    new BinaryColumnDocument { Name = column.Name, Type = column.Type, Categories = [.. column.Categories] })],
            },
            ApiJson.Default.BinaryRowsDocument, rows.Values, rows.Keys);
    }

    /// <summary>A training, and the rows that it starts from.</summary>
    public static Func<HttpContent> Training(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Joined(RequestDocuments.Of(request), ApiJson.Default.RequestDocument, request.Options?.Start ?? default);
    }

    /// <summary>Another route that is not the end of one.</summary>
    public static RouteChangeDocument Route(RouteChange route) => new()
    {
        Kind = route.Kind switch
        {
            RouteChangeKind.Set => "set",
            RouteChangeKind.Canary => "canary",
            _ => "shadow",
        },
        Shares = [.. route.Shares.Select(share => new ShareDocument { Version = share.Version, Share = DocumentNumbers.Share(share.Slots) })],
        Version = route.Version,
        Steps = [.. route.Steps.Select(DocumentNumbers.Share)],
        EverySeconds = route.Every.TotalSeconds,
        Shadows = [.. route.Shadows],
        Guards = route.Guards is { } guards ? DocumentNumbers.Of(guards) : null,
    };

    /// <summary>What a change was decided on, and its name, by which it is made once.</summary>
    public static Action<HttpRequestHeaders> Head(ModelChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return headers =>
        {
            headers.TryAddWithoutValidation("If-Match", $"\"{change.Expected.ToString(CultureInfo.InvariantCulture)}\"");
            headers.TryAddWithoutValidation("Idempotency-Key", change.Id);
        };
    }


    private static ByteArrayContent Bytes(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}
