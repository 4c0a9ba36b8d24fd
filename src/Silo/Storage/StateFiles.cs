using System.Globalization;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// The files of grain state in a home folder, one for each grain and state, one change at a time: under a lock of this process when the home has one owner
/// (share one instance among its silos), and of the operating system besides when several processes share it.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="shared">Whether other processes use the folder at the same time.</param>
public sealed class StateFiles(string folder, bool shared = false)
{
    private static readonly TimeSpan LongestWaitForLock = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Does something to a grain's file that nobody else does anything to meanwhile.</summary>
    internal async Task Exclusively(string stateName, GrainId grain, Action<string> action)
    {
        string path = Path.Combine(folder, stateName, GrainFileNames.For(grain, ""));
        // The name ends in a hash, and every process must come to the same lock.
        int slot = GrainFileNames.Slot(path, _locks.Length);
        SemaphoreSlim gate = _locks[slot];
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // Files are flushed to the disk, which must not hold up a grain's scheduler.
            await Task.Run(async () =>
            {
                using FileStream? held = shared ? await TakeLock(slot).ConfigureAwait(false) : null;
                action(path);
            }).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<FileStream> TakeLock(int slot)
    {
        string locks = Path.Combine(folder, "locks");
        Directory.CreateDirectory(locks);
        string path = Path.Combine(locks, string.Create(CultureInfo.InvariantCulture, $"{slot:d2}.lock"));
        long begin = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 - begin < LongestWaitForLock.TotalMilliseconds)
            {
                await Task.Delay(2).ConfigureAwait(false);
            }
        }
    }
}
