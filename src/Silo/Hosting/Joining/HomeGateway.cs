using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Joining;

/// <summary>
/// The listeners of the one silo of a home. At the silo's endpoint nobody ever connects, so nothing listens there. At the gateway's, a socket in the file
/// system does, and counts who is connected. It is opened beside the start, which does not wait for it.
/// </summary>
internal sealed class HomeGateway(HomeLayout home, Action<string> announce) : IConnectionListenerFactory, IConnectionListener
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Socket?> _listening = Task.FromResult<Socket?>(null);
    private string _path = "";
    private readonly HashSet<SocketConnection> _guests = [];
    private bool _closing;

    public EndPoint EndPoint => OneSilo.Gateway;

    /// <summary>How many are connected.</summary>
    public int Guests
    {
        get
        {
            lock (_lock)
                return _guests.Count;
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!endpoint.Equals(EndPoint))
            return ValueTask.FromResult<IConnectionListener>(new Deserted(endpoint));
        _listening = Task.Run(Listen, CancellationToken.None);
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (await _listening.ConfigureAwait(false) is not { } socket)
            return null;
        while (true)
        {
            try
            {
                Socket guest = await socket.AcceptAsync(_ended.Token).ConfigureAwait(false);
                if (Enter(guest) is { } connection)
                    return connection;
                guest.Dispose();
            }
            catch (Exception e) when (
                e is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException)
            {
                // Whoever wanted to connect is gone.
            }
        }
    }

    /// <summary>Ends when nobody is connected and nobody will be from then on.</summary>
    public async Task WaitForGuestsAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            _closing = true;
            if (_guests.Count == 0)
                _left.TrySetResult();
        }

        while (await Task.WhenAny(_left.Task, Task.Delay(Glance, cancellation)).ConfigureAwait(false) != _left.Task)
        {
            cancellation.ThrowIfCancellationRequested();
            // On a busy machine Orleans may still hold a connection whose other side has long ended.
            SocketConnection[] all;
            lock (_lock)
                all = [.. _guests];
            foreach (SocketConnection gone in all.Where(guest => guest.OtherSideIsGone))
                gone.Abort(new ConnectionAbortedException());
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (await _listening.ConfigureAwait(false) is { } socket)
            socket.Dispose();
        GatewaySocket.Remove(home, _path);
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>
    /// Lets nobody in any more and leaves those who are connected, once the cluster has ended: on a busy machine Orleans may leave connections open, and
    /// whoever asks over them would wait.
    /// </summary>
    public async Task EndAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        SocketConnection[] all;
        lock (_lock)
            all = [.. _guests];
        foreach (SocketConnection guest in all)
            guest.Abort(new ConnectionAbortedException());
    }

    private Socket? Listen()
    {
        if (GatewaySocket.Listen(home) is not var (socket, path))
            return null;
        _path = path;
        try
        {
            announce(path);
            return socket;
        }
        catch (ClusteringException)
        {
            // The disk is full, say. What is asked of the owner may still be answered; others wait until it has ended.
            socket.Dispose();
            return null;
        }
    }

    /// <summary>While somebody is still at work others may come; nobody may once the last has left.</summary>
    private SocketConnection? Enter(Socket socket)
    {
        lock (_lock)
        {
            if (_left.Task.IsCompleted)
                return null;
            var guest = new SocketConnection(socket, Leave);
            _guests.Add(guest);
            return guest;
        }
    }

    private void Leave(SocketConnection guest)
    {
        lock (_lock)
        {
            _guests.Remove(guest);
            if (_closing && _guests.Count == 0)
                _left.TrySetResult();
        }
    }

    /// <summary>A listener that nobody connects to.</summary>
    private sealed class Deserted(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_unbound.Task);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
