using System.Runtime.InteropServices;

namespace OrleansCluster.Compute;

/// <summary>Threads that give way to others of the machine, where the system lets a program say so.</summary>
internal static partial class Niceness
{
    /// <summary>
    /// A tenth of the weight of others: what is asked of a server is answered at once, and what computes has what this leaves. With less, what a busy machine
    /// does besides would leave nothing for questions that are long enough to be computed here.
    /// </summary>
    private const int GivesWay = 10;

    /// <summary>Of <c>setpriority</c>: one thread, on Linux.</summary>
    private const int OneThread = 0;

    /// <summary>Has the calling thread give way from now on.</summary>
    public static void GiveWay()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }

        try
        {
            // What the runtime calls a thread's priority means nothing here.
            _ = SetPriority(OneThread, ThreadId(), GivesWay);
        }
        catch (EntryPointNotFoundException)
        {
            // It computes as all others do.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();
}
