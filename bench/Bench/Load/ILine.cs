namespace OrleansCluster.Bench.Load;

/// <summary>What became of a question.</summary>
internal enum Told
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was told to ask again (503, UNAVAILABLE), or that its time was over (504, DEADLINE_EXCEEDED).</summary>
    TurnedAway,

    /// <summary>Anything else, a lost connection too.</summary>
    Failed,
}

/// <summary>A connection that asks one question at a time. Its code is as lean as can be: it shares the machine with what it measures.</summary>
internal interface ILine : IDisposable
{
    /// <summary>Asks the question of the given number; the same ones come again and again.</summary>
    ValueTask<Told> AskAsync(int number);
}
