using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace OrleansCluster.Bench.Load;

/// <summary>A connection of HTTP/1.1 over which whole requests, made beforehand, are sent.</summary>
internal sealed class HttpLine(IPEndPoint server, byte[][] requests) : ILine
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private Socket? _socket;

    public async ValueTask<Told> AskAsync(int number)
    {
        try
        {
            Socket socket = _socket ??= await ConnectAsync(server).ConfigureAwait(false);
            await socket.SendAsync(requests[number % requests.Length], SocketFlags.None).ConfigureAwait(false);
            int length = 0, whole = int.MaxValue;
            while (length < whole)
            {
                int more = await socket.ReceiveAsync(_buffer.AsMemory(length), SocketFlags.None).ConfigureAwait(false);
                if (more == 0)
                    return Lost();
                length += more;
                if (whole == int.MaxValue)
                    whole = Whole(_buffer.AsSpan(0, length));
            }

            return Status(_buffer) switch
            {
                200 => Told.Answered,
                503 or 504 => Told.TurnedAway,
                _ => Told.Failed,
            };
        }
        catch (SocketException)
        {
            return Lost();
        }
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>A connection that sends at once what it is given.</summary>
    public static async Task<Socket> ConnectAsync(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).ConfigureAwait(false);
        return socket;
    }

    /// <summary>Status of an answer.</summary>
    public static int Status(ReadOnlySpan<byte> answer) => Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) ? status : 0;

    /// <summary>Bytes of an answer with its head; as long as the head is not there, more than there can be.</summary>
    private static int Whole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return int.MaxValue;
        ReadOnlySpan<byte> name = "content-length: "u8;
        for (int at = 0; at < head; at += answer[at..].IndexOf((byte)'\n') + 1)
        {
            if (answer.Length - at > name.Length && Ascii(answer.Slice(at, name.Length), name)
                && Utf8Parser.TryParse(answer[(at + name.Length)..], out int length, out _))
                return head + 4 + length;
        }

        return head + 4;
    }

    private static bool Ascii(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => System.Text.Ascii.EqualsIgnoreCase(left, right);

    private Told Lost()
    {
        _socket?.Dispose();
        _socket = null;
        return Told.Failed;
    }
}
