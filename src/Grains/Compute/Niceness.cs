using System.Runtime.InteropServices;

namespace OrleansCluster.Compute;

/// <summary>Threads that give way to others of the machine, where the system lets a program say so.</summary>
internal static partial class Niceness
{
    /// <summary>A third of the weight of others: what is asked of a server is answered at once, and what computes loses no more than that needs.</summary>
    private const int GivesWay = 5;

    /// <summary>Of <c>setpriority</c>: one thread, on Linux.</summary>
    private const int OneThread = 0;

    /// <summary>
    /// Nanoseconds that it wants at a time, the most there may be. Linux (from 6.12 on) has whoever wants less at a time, as all others do, begin at once
    /// instead of after the slice of whoever computes: their shares stay the same.
    /// </summary>
    private const ulong AtATime = 100_000_000;

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
            var wanted = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Nice = GivesWay, Runtime = AtATime };
            if (SetAttributesCall() is not { } call || SetAttributes(call, 0, wanted, 0) != 0)
                _ = SetPriority(OneThread, ThreadId(), GivesWay);
        }
        catch (EntryPointNotFoundException)
        {
            // It computes as all others do.
        }
    }

    /// <summary>The number of <c>sched_setattr</c>, which no library has by name; null: it is not known here.</summary>
    private static nint? SetAttributesCall() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetAttributes(nint call, nint thread, in Attributes wanted, nint flags);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();

    /// <summary><c>struct sched_attr</c>, as it first was; its policy, 0, is the usual one.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
