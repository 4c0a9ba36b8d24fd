namespace OrleansCluster;

/// <summary>A request that cannot be carried out. The message is for the person who asked: what is wrong, where, and what to do.</summary>
[GenerateSerializer, Alias("oc.ClusteringException")]
public sealed class ClusteringException : Exception
{
    public ClusteringException()
    {
    }

    public ClusteringException(string message)
        : base(message)
    {
    }

    public ClusteringException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A value that cannot be answered.</summary>
    /// <param name="row">Its row among those asked about, from 0.</param>
    /// <param name="column">Position of its column, from 0.</param>
    /// <param name="problem">What is wrong with it and what to do: whole sentences.</param>
    public ClusteringException(int row, int column, string problem)
        : base(FormattableString.Invariant($"Row {row}, column {column} (both from 0): {problem}")) => (Row, Column, Problem) = (row, column, problem);

    /// <summary>The row among those asked about that holds what cannot be answered, from 0; null: it is no value that is wrong.</summary>
    [Id(0)] public int? Row { get; init; }

    /// <summary>Position of the value's column, from 0.</summary>
    [Id(1)] public int? Column { get; init; }

    /// <summary>What is wrong with the value and what to do, without its place.</summary>
    [Id(2)] public string? Problem { get; init; }

    /// <summary>Of a request for more than a tenant may have or ask for: seconds after which asking again is worth it; null: it is something else.</summary>
    [Id(3)] public int? RetryAfter { get; init; }
}
