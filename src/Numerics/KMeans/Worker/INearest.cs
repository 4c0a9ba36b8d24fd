namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>The nearest of a list of centres for every row of a shard, and its canonical distance.</summary>
internal interface INearest
{
    /// <summary>Whether there are no centres.</summary>
    bool IsEmpty { get; }

    /// <summary>The nearest centre of each row; empty when there are none.</summary>
    ReadOnlySpan<int> Labels { get; }

    /// <summary>D to it; empty when there are none.</summary>
    ReadOnlySpan<double> Squared { get; }

    /// <summary>Takes these centres, c × d. Where they begin with those before, only the others are looked at.</summary>
    void Update(double[] wanted, Work work);
}

/// <summary>The same of sparse rows, which know candidates too.</summary>
internal interface ISparseNearest : INearest
{
    /// <summary>What each candidate would leave of D, if it joined the centres.</summary>
    /// <param name="candidates">t × d.</param>
    /// <param name="start">First row.</param>
    /// <param name="end">One past the last row.</param>
    /// <param name="take">Given a candidate and the lesser of both distances of each row.</param>
    void Left(double[] candidates, int start, int end, Action<int, double[]> take);
}
