using OrleansCluster.Training;

namespace OrleansCluster.Cli.Output;

/// <summary>
/// How far a job has come. Nobody knows when a training will stop, so a restart is expected to take as many
/// iterations as those before it took on average, and the bar never reaches the end before the job does.
/// </summary>
internal sealed class ProgressEstimate
{
    private const double FirstGuess = 20;
    private int _restart;
    private int _newest;
    private double _finished;
    private double _done;

    /// <summary>The share done, from 0 to 1; never decreases.</summary>
    public double Done => Volatile.Read(ref _done);

    public void Add(ProgressPage page)
    {
        JobStatus status = page.Status;
        if (status.Restart != _restart)
        {
            _finished += _newest;
            (_restart, _newest) = (status.Restart, 0);
        }

        _newest = Math.Max(_newest, status.Iteration);
        double expected = Math.Min(_restart > 0 && _finished > 0 ? _finished / _restart : FirstGuess, Math.Max(1, status.MaxIterations));
        double within = _newest / (_newest + Math.Max(1, expected - _newest));
        double done = status.State == JobState.Succeeded ? 1 : Math.Min(0.99, (_restart + within) / Math.Max(1, status.Restarts));
        Volatile.Write(ref _done, Math.Max(_done, done));
    }
}
