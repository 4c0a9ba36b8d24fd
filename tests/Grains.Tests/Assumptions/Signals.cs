using System.Collections.Concurrent;

namespace OrleansCluster.Grains.Tests.Assumptions;

/// <summary>Barriers between a test and the grains it calls, by name. Silo and test live in one process.</summary>
internal static class Signals
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Raised = new();
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Journals = new();

    /// <summary>The longest that anything may take; reached only when a test fails.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Raises a signal for good.</summary>
    public static void Raise(string name) => Signal(name).TrySetResult();

    public static bool IsRaised(string name) => Signal(name).Task.IsCompleted;

    /// <summary>Completes when the signal is raised.</summary>
    public static Task Of(string name) => Signal(name).Task.WaitAsync(Patience);

    /// <summary>Notes an event for the test to read.</summary>
    public static void Note(string journal, string entry) => Journals.GetOrAdd(journal, _ => new()).Enqueue(entry);

    public static string[] Notes(string journal) => Journals.TryGetValue(journal, out var notes) ? [.. notes] : [];

    private static TaskCompletionSource Signal(string name) =>
        Raised.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
