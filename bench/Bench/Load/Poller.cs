using System.Runtime.InteropServices;

namespace OrleansCluster.Bench.Load;

/// <summary>
/// Waits for many connections on one thread, as Linux does it (epoll): what .NET's sockets do besides, between threads, would cost as much as what is measured.
/// </summary>
internal sealed partial class Poller : IDisposable
{
    private const int Most = 256, Add = 1, Readable = 1;

    /// <summary>An event is packed on some machines: its flags, and behind them what the connection is called.</summary>
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16, Name = Stride - sizeof(long);

    private readonly int _epoll = Epoll(0);
    private readonly byte[] _events = new byte[Most * Stride];

    /// <summary>Watches a connection from now on, until it is closed.</summary>
    public void Watch(int handle, int name)
    {
        var wanted = new byte[Stride];
        MemoryMarshal.Write(wanted, Readable);
        MemoryMarshal.Write(wanted.AsSpan(Name), (long)name);
        if (Control(_epoll, Add, handle, wanted) < 0)
            throw new InvalidOperationException($"A connection cannot be watched: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Waits until something has come, or the time is over.</summary>
    /// <returns>How many connections have something to read.</returns>
    public int Wait(TimeSpan most)
    {
        long nanoseconds = Math.Max((long)most.TotalNanoseconds, 0);
        return Math.Max(Wait(_epoll, _events, Most, [nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000], 0), 0);
    }

    /// <summary>What one of those is called.</summary>
    public int this[int place] => (int)MemoryMarshal.Read<long>(_events.AsSpan((place * Stride) + Name));

    public void Dispose() => _ = Close(_epoll);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int handle, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int handle, Span<byte> bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int Epoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int what, int handle, byte[] wanted);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2")]
    private static partial int Wait(int epoll, byte[] events, int most, ReadOnlySpan<long> time, nint signals);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
