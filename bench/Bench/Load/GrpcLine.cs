using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCluster.Bench.Load;

/// <summary>
/// A connection of HTTP/2 over which one call of gRPC follows the other: no more of the protocol than that takes. Answers' heads are told apart without being
/// decoded, because the server is forbidden to compress them.
/// </summary>
internal sealed class GrpcLine(IPEndPoint server, string path, byte[][] messages) : ILine
{
    private const int FrameHead = 9, MessageHead = 5;
    private const byte Data = 0, Heads = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, EndStream = 1, EndHeads = 4, Acknowledged = 1;

    /// <summary>Streams of a connection are numbered, and there are only so many numbers.</summary>
    private const int LastStream = int.MaxValue - 2;

    private readonly byte[] _heads = HeadBlock(server, path);
    private readonly byte[] _buffer = new byte[64 << 10];
    private byte[] _request = new byte[4 << 10];
    private Socket? _socket;
    private int _stream = -1, _length, _at;

    public async ValueTask<Told> AskAsync(int number)
    {
        try
        {
            Socket socket = _socket ??= await BeginAsync().ConfigureAwait(false);
            if (_stream >= LastStream)
                return Lost();
            _stream += 2;
            await socket.SendAsync(_request.AsMemory(0, Request(messages[number % messages.Length])), SocketFlags.None).ConfigureAwait(false);
            bool answered = false;
            while (true)
            {
                int frame = await FrameAsync(socket).ConfigureAwait(false);
                if (frame < 0)
                    return Lost();
                (byte kind, byte flags, int stream) = (_buffer[frame + 3], _buffer[frame + 4], BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(frame + 5)));
                int length = LengthOf(frame);
                if (kind is Settings or Ping && (flags & Acknowledged) == 0)
                    await AcknowledgeAsync(socket, kind, _buffer.AsMemory(frame + FrameHead, kind == Ping ? length : 0)).ConfigureAwait(false);
                if (kind == GoAway || (kind == Reset && stream == _stream))
                    return Lost();
                if (stream != _stream)
                    continue;
                answered |= kind == Data && length > MessageHead;
                if ((flags & EndStream) != 0)
                    return Outcome(answered, _buffer.AsSpan(frame + FrameHead, length));
            }
        }
        catch (SocketException)
        {
            return Lost();
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static Told Outcome(bool answered, ReadOnlySpan<byte> trailers)
    {
        ReadOnlySpan<byte> name = "grpc-status"u8;
        int at = trailers.IndexOf(name);
        int status = at < 0 ? -1 : int.Parse(trailers.Slice(at + name.Length + 1, trailers[at + name.Length]));
        return status switch
        {
            0 when answered => Told.Answered,
            4 or 14 => Told.TurnedAway,
            _ => Told.Failed,
        };
    }

    /// <summary>Heads as literals that nobody has to remember (RFC 7541, 6.2.2).</summary>
    private static byte[] HeadBlock(IPEndPoint server, string path)
    {
        var block = new List<byte>();
        foreach ((string name, string value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", server.ToString()), ("content-type", "application/grpc"),
            ("te", "trailers"),
        })
        {
            block.Add(0);
            foreach (string text in new[] { name, value })
                block.AddRange([checked((byte)text.Length), .. Encoding.ASCII.GetBytes(text)]);
        }

        return [.. block];
    }

    private int Request(byte[] message)
    {
        int length = FrameHead + _heads.Length + FrameHead + MessageHead + message.Length;
        if (_request.Length < length)
            _request = new byte[length];
        Span<byte> rest = Frame(_request, Heads, EndHeads, _heads.Length);
        _heads.CopyTo(rest);
        rest = Frame(rest[_heads.Length..], Data, EndStream, MessageHead + message.Length);
        rest[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(rest[1..], message.Length);
        message.CopyTo(rest[MessageHead..]);
        return length;
    }

    private Span<byte> Frame(Span<byte> frame, byte kind, byte flags, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, length << 8);
        (frame[3], frame[4]) = (kind, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame[5..], _stream);
        return frame[FrameHead..];
    }

    private async Task<Socket> BeginAsync()
    {
        Socket socket = await HttpLine.ConnectAsync(server).ConfigureAwait(false);
        (_stream, _length, _at) = (-1, 0, 0);
        var begin = new List<byte>("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        // No table for compressed heads (1), nothing pushed (2); and a window for all answers that there can be.
        begin.AddRange([0, 0, 12, Settings, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
        begin.AddRange([0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0xFE, 0, 0]);
        await socket.SendAsync(begin.ToArray(), SocketFlags.None).ConfigureAwait(false);
        return socket;
    }

    /// <summary>Where the next frame begins in the buffer; −1: the connection ended, or it is longer than any of these is.</summary>
    private async ValueTask<int> FrameAsync(Socket socket)
    {
        while (_length - _at < FrameHead || _length - _at < FrameHead + LengthOf(_at))
        {
            _buffer.AsSpan(_at, _length - _at).CopyTo(_buffer);
            (_length, _at) = (_length - _at, 0);
            int more = _length == _buffer.Length ? 0 : await socket.ReceiveAsync(_buffer.AsMemory(_length), SocketFlags.None).ConfigureAwait(false);
            if (more == 0)
                return -1;
            _length += more;
        }

        int frame = _at;
        _at += FrameHead + LengthOf(frame);
        return frame;
    }

    private int LengthOf(int frame) => BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(frame)) >>> 8;

    private static async ValueTask AcknowledgeAsync(Socket socket, byte kind, ReadOnlyMemory<byte> what)
    {
        byte[] frame = [0, 0, (byte)what.Length, kind, Acknowledged, 0, 0, 0, 0, .. what.Span];
        await socket.SendAsync(frame, SocketFlags.None).ConfigureAwait(false);
    }

    private Told Lost()
    {
        _socket?.Dispose();
        _socket = null;
        return Told.Failed;
    }
}
