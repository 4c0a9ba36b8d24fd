using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansCluster.Bench.Load;

/// <summary>A connection that asks one question at a time, and does not wait for the answer: whoever polls says when something has come.</summary>
internal sealed class Line(IPEndPoint server, ITalk talk) : IDisposable
{
    private const int DoNotWait = 0x40, NoSignal = 0x4000, NothingYet = 11;

    private readonly byte[] _buffer = new byte[16 << 10];
    private Socket? _socket;
    private int _length;

    /// <summary>When the question that is under way was due: a timestamp.</summary>
    public long Due { get; private set; }

    /// <summary>Asks a question.</summary>
    /// <returns>False: there is no connection.</returns>
    public bool Ask(Poller poller, int name, int number, long due)
    {
        Due = due;
        try
        {
            if (_socket is null)
                Connect(poller, name);
        }
        catch (SocketException)
        {
            Dispose();
        }

        return _socket is not null && Send(talk.Ask(number));
    }

    /// <summary>Reads what has come.</summary>
    /// <returns>What became of the question; null: that has not come yet.</returns>
    public Told? Receive()
    {
        if (_socket is null)
            return Told.Failed;
        nint more = Poller.Receive((int)_socket.Handle, _buffer.AsSpan(_length), _buffer.Length - _length, DoNotWait);
        if (more < 0 && Marshal.GetLastPInvokeError() == NothingYet)
            return null;
        if (more <= 0)
        {
            Dispose();
            return Told.Failed;
        }

        _length += (int)more;
        Told? told = talk.Read(_buffer.AsSpan(0, _length), out int read, out byte[]? reply);
        if (read < _length)
            _buffer.AsSpan(read, _length - read).CopyTo(_buffer);
        _length -= read;
        return (reply is not null && !Send(reply)) || _length == _buffer.Length ? Told.Failed : told;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        (_socket, _length) = (null, 0);
    }

    /// <summary>A connection that sends at once what it is given.</summary>
    public static Socket Connect(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        return socket;
    }

    private void Connect(Poller poller, int name)
    {
        _socket = Connect(server);
        poller.Watch((int)_socket.Handle, name);
        if (talk.Begin() is { Length: > 0 } begin)
            _ = Send(begin);
    }

    /// <summary>Questions are short, and those before were answered: there is always room for one.</summary>
    private bool Send(ReadOnlySpan<byte> bytes)
    {
        if (Poller.Send((int)_socket!.Handle, bytes, bytes.Length, DoNotWait | NoSignal) == bytes.Length)
            return true;
        Dispose();
        return false;
    }
}
