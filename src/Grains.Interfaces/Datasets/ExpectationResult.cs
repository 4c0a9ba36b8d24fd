namespace OrleansCluster.Datasets;

/// <summary>What was expected of the rows that a version added, and how many broke it.</summary>
[GenerateSerializer, Immutable, Alias("oc.ExpectationResult")]
public sealed record ExpectationResult
{
    /// <summary>As it is written: <c>age in 0..120</c>.</summary>
    [Id(0)] public required string Expectation { get; init; }

    /// <summary>Rows that broke it; of a share of missing values that is too large, the rows that lack one.</summary>
    [Id(1)] public long Broken { get; init; }

    /// <summary>Whether those rows were left out and put aside; else they are among the version's.</summary>
    [Id(2)] public bool PutAside { get; init; }
}
