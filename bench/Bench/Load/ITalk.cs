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

/// <summary>
/// A protocol as one connection speaks it, one question after the other: bytes out, bytes in. As lean as can be, because it shares the machine with what it
/// measures.
/// </summary>
internal interface ITalk
{
    /// <summary>What a connection begins with, anew; empty: its first question.</summary>
    byte[] Begin();

    /// <summary>The question of the given number; the same ones come again and again.</summary>
    ReadOnlySpan<byte> Ask(int number);

    /// <summary>Reads what has come and was not yet read.</summary>
    /// <param name="came">The bytes.</param>
    /// <param name="read">How many of them are read.</param>
    /// <param name="reply">What must be sent for them; null: nothing.</param>
    /// <returns>What became of the question; null: that has not come yet.</returns>
    Told? Read(ReadOnlySpan<byte> came, out int read, out byte[]? reply);
}
