using System.Buffers.Binary;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Client.Http;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Exchange;

/// <summary>
/// What the .NET client asks for: the cluster's own types, as the grains answer them. It asks the same endpoints, under the same rights, and sees what the
/// grains say instead of what is made of it for people.
/// </summary>
internal static class WireAnswers
{
    /// <summary>Whether a request wants that.</summary>
    /// <exception cref="ProblemException">It wants another version of it.</exception>
    public static bool AreWanted(HttpRequest request)
    {
        string accept = request.Headers.Accept.ToString();
        if (!accept.Contains(WireFormat.Family, StringComparison.Ordinal))
            return false;
        return accept.Contains(WireFormat.MediaType, StringComparison.Ordinal)
            ? true
            : throw new ProblemException(
                406, ProblemKinds.UnknownFormat, $"The client is of another version than this service, which answers as {WireFormat.MediaType}: "
                    + "use the same version of both.");
    }

    /// <summary>Answers with a value.</summary>
    public static Task WriteAsync<T>(HttpContext http, T value) => Answers.WriteAsync(http, WireFormat.Write(value), WireFormat.MediaType);

    /// <summary>Answers with values as they come. The end is told, so that half an answer is none.</summary>
    public static async Task WriteAsync<T>(HttpContext http, IAsyncEnumerable<T> values)
    {
        bool begun = false;
        var head = new byte[sizeof(int)];
        await foreach (T value in values.ConfigureAwait(false))
        {
            Begin();
            byte[] message = WireFormat.Write(value);
            BinaryPrimitives.WriteInt32LittleEndian(head, message.Length);
            await http.Response.BodyWriter.WriteAsync(head, http.RequestAborted).ConfigureAwait(false);
            await http.Response.BodyWriter.WriteAsync(message, http.RequestAborted).ConfigureAwait(false);
        }

        Begin();
        await http.Response.BodyWriter.WriteAsync(new byte[sizeof(int)], http.RequestAborted).ConfigureAwait(false);

        void Begin()
        {
            if (!begun)
                http.Response.ContentType = WireFormat.MediaType;
            begun = true;
        }
    }

    /// <summary>A document and the bytes behind it.</summary>
    /// <param name="most">Most bytes of both.</param>
    /// <exception cref="ProblemException">It is something else, or longer.</exception>
    public static async Task<(T Document, ReadOnlyMemory<byte> Bytes)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, long most)
        where T : class
    {
        if (Bodies.TypeOf(http.Request)?.MediaType != WireFormat.MediaType)
            throw ProblemException.Format($"The body must be {WireFormat.MediaType}: a document with its length before it, and bytes behind it.");
        (ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> bytes) = WireFormat.Split(await Bodies.ReadAllAsync(http, most).ConfigureAwait(false));
        return (Bodies.Parse(Bodies.CheckText(document), type), bytes);
    }
}

/// <summary>What answers the .NET client at an endpoint.</summary>
internal sealed record WireHandler(RequestDelegate Answer);
