using System.Runtime.InteropServices;

namespace OrleansCluster.Cli.Sessions;

/// <summary>Ctrl-C (and a polite request to end) as a token; a second Ctrl-C ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
            Environment.Exit(ExitCode.Interrupted);
        // Not on the signal's own thread: whoever waits on the token goes on there.
        ThreadPool.QueueUserWorkItem(static source => source.Cancel(), _source, preferLocal: false);
    }
}
