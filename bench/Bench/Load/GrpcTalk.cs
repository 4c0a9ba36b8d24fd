using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace OrleansCluster.Bench.Load;

/// <summary>
/// HTTP/2 over which one call of gRPC follows the other: no more of the protocol than that takes. Answers' heads are told apart without being decoded, because
/// the server is forbidden to compress them.
/// </summary>
internal sealed class GrpcTalk(IPEndPoint server, string path, byte[][] messages) : ITalk
{
    private const int FrameHead = 9, MessageHead = 5;
    private const byte Data = 0, Heads = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, EndStream = 1, EndHeads = 4, Acknowledged = 1;

    private readonly byte[][] _requests = Requests(HeadBlock(server, path), messages);

    /// <summary>Streams of a connection are numbered.</summary>
    private int _stream = -1;
    private bool _answered;

    public byte[] Begin()
    {
        _stream = -1;
        // No table for compressed heads (1), nothing pushed (2); and a window for all answers that there can be.
        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            0, 0, 12, Settings, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0,
            0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0xFE, 0, 0,
        ];
    }

    public ReadOnlySpan<byte> Ask(int number)
    {
        (_stream, _answered) = (_stream + 2, false);
        byte[] request = _requests[number % _requests.Length];
        int second = FrameHead + Length(request);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(5), _stream);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(second + 5), _stream);
        return request;
    }

    public Told? Read(ReadOnlySpan<byte> came, out int read, out byte[]? reply)
    {
        (read, reply) = (0, null);
        while (came.Length - read >= FrameHead && came.Length - read >= FrameHead + Length(came[read..]))
        {
            ReadOnlySpan<byte> frame = came.Slice(read, FrameHead + Length(came[read..]));
            read += frame.Length;
            (byte kind, byte flags, int stream) = (frame[3], frame[4], BinaryPrimitives.ReadInt32BigEndian(frame[5..]));
            if (kind is Settings or Ping && (flags & Acknowledged) == 0)
            {
                ReadOnlySpan<byte> what = kind == Ping ? frame[FrameHead..] : [];
                reply = [.. reply ?? [], 0, 0, (byte)what.Length, kind, Acknowledged, 0, 0, 0, 0, .. what];
            }

            if (kind == GoAway || (kind == Reset && stream == _stream))
                return Told.Failed;
            if (stream != _stream)
                continue;
            _answered |= kind == Data && frame.Length > FrameHead + MessageHead;
            if ((flags & EndStream) != 0)
                return Outcome(_answered, frame[FrameHead..]);
        }

        return null;
    }

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

    /// <summary>Each question as its two frames, for a stream that is not yet numbered.</summary>
    private static byte[][] Requests(byte[] heads, byte[][] messages) => [.. messages.Select(message =>
    {
        var request = new byte[FrameHead + heads.Length + FrameHead + MessageHead + message.Length];
        Span<byte> rest = Frame(request, Heads, EndHeads, heads.Length);
        heads.CopyTo(rest);
        rest = Frame(rest[heads.Length..], Data, EndStream, MessageHead + message.Length);
        BinaryPrimitives.WriteInt32BigEndian(rest[1..], message.Length);
        message.CopyTo(rest[MessageHead..]);
        return request;
    })];

    private static Span<byte> Frame(Span<byte> frame, byte kind, byte flags, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, length << 8);
        (frame[3], frame[4]) = (kind, flags);
        return frame[FrameHead..];
    }

    private static int Length(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame) >>> 8;
}
