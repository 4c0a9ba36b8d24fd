using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansCluster.Silo.Joining;

/// <summary>A connected socket as Orleans reads and writes it.</summary>
internal sealed class SocketConnection : ConnectionContext, IDuplexPipe
{
    private const int BufferBytes = 64 << 10;

    private readonly NetworkStream _stream;
    private readonly Action<SocketConnection> _onClosed;
    private readonly CancellationTokenSource _closed = new();
    private int _aborted;

    /// <param name="socket">The socket; the connection owns it.</param>
    /// <param name="onClosed">Called once, when the connection has ended.</param>
    public SocketConnection(Socket socket, Action<SocketConnection> onClosed)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _onClosed = onClosed;
        // Left open: reader and writer end at different times.
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
        Transport = this;
        ConnectionClosed = _closed.Token;
        ConnectionId = Guid.NewGuid().ToString("N");
        Items = new Dictionary<object, object?>();
    }

    /// <summary>Whether the other side has closed, and all that it sent was read.</summary>
    public bool OtherSideIsGone
    {
        get
        {
            try
            {
                return _stream.Socket.Poll(0, SelectMode.SelectRead) && _stream.Socket.Available == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; }

    public override EndPoint? LocalEndPoint { get; set; } = OneSilo.Gateway;

    public override EndPoint? RemoteEndPoint { get; set; } = OneSilo.Gateway;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.Exchange(ref _aborted, 1) != 0)
            return;
        _stream.Dispose();
        // Away from here: whoever aborts waits for what the token sets going.
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection =>
            {
                connection._onClosed(connection);
                connection._closed.Cancel();
            },
            this,
            preferLocal: false);
    }

    public override async ValueTask DisposeAsync()
    {
        Abort(new ConnectionAbortedException());
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
