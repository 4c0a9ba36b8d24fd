using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>A command on its way.</summary>
internal sealed class RunningProgram : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _errorEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _job = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;

    public RunningProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The id of the job, as soon as the program tells it.</summary>
    public Task<string> Job => _job.Task;

    /// <summary>Ends when the program has told how far the job is.</summary>
    public Task Progress => _progress.Task;

    /// <summary>Waits for the end; a program that does not end in time is killed, and the test fails with what it said.</summary>
    public async Task<Outcome> EndAsync(TimeSpan patience)
    {
        using var timer = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"The command did not end within {patience}. It said: {_error}");
        }

        await _errorEnded.Task;
        return new Outcome(_process.ExitCode, await _output, _error.ToString());
    }

    /// <summary>As <c>kill -9</c>: the process has no chance to save anything.</summary>
    public void Kill() => _process.Kill();

    /// <summary>
    /// As Ctrl-C in a terminal; as a polite request to end, which means the same, where a shell started the tests in the background and so had Ctrl-C
    /// ignored.
    /// </summary>
    public void Interrupt() => SendSignal(_process.Id, IgnoresInterrupts() ? SigTerm : SigInt).ShouldBe(0);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private bool IgnoresInterrupts()
    {
        string status = $"/proc/{_process.Id}/status";
        string? ignored = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return ignored is not null && (Convert.ToUInt64(ignored[7..].Trim(), 16) & (1UL << (SigInt - 1))) != 0;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            _errorEnded.TrySetResult();
            return;
        }

        _error.AppendLine(line);
        if (line.StartsWith("job ", StringComparison.Ordinal))
            _job.TrySetResult(line[4..].Trim());
        else if (line.Contains("restart ", StringComparison.Ordinal))
            _progress.TrySetResult();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
