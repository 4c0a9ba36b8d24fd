using System.Net.Sockets;
using System.Text;

namespace OrleansCluster.Web.Tests.Limits;

/// <summary>Bytes on a connection, as no client would send them.</summary>
internal static class RawRequest
{
    /// <summary>Sends bytes and reads all that comes back.</summary>
    /// <param name="ends">Whether it is said that no more bytes follow, which may cost the answer: a connection that is closed on one side is taken for one
    /// that is gone.</param>
    public static async Task<string> SendAsync(Uri address, string head, byte[]? body = null, bool ends = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head), patience.Token);
            if (body is not null)
                await stream.WriteAsync(body, patience.Token);
            if (ends)
                client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // It was refused before all of it was sent; what was answered is still there.
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Sends the head of a request and waits until an endpoint begins to read its body, of which it sends what is given.</summary>
    /// <param name="head">Without the empty line at its end.</param>
    /// <returns>A connection on which the rest of the body is awaited.</returns>
    public static async Task<TcpClient> BeginAsync(Uri address, string head, string body)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "Expect: 100-continue\r\n\r\n"));
        byte[] expected = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n"), told = new byte[expected.Length];
        await stream.ReadExactlyAsync(told);
        told.ShouldBe(expected);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(body));
        return client;
    }

    /// <summary>Reads all that comes back.</summary>
    public static async Task<string> RestAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
