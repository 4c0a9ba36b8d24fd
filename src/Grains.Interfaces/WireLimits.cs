namespace OrleansCluster;

/// <summary>How much travels in one message.</summary>
public static class WireLimits
{
    /// <summary>
    /// Most bytes of a step, a statistic or imported rows in one message; longer ones travel in pieces (a row of more bytes travels alone). Below 85,000, so
    /// that no message of a running job is allocated among the large objects, and small enough for questions to be answered between two pieces.
    /// </summary>
    public const int PieceBytes = 1 << 16;

    /// <summary>Most pieces of an import that its sender has under way, so that writing them and sending them go on at the same time.</summary>
    public const int PiecesInFlight = 16;
}
