namespace OrleansCluster.Serving;

/// <summary>Rows to draw from one version of a model and to score under two: KL(from ‖ to) by Monte Carlo.</summary>
[GenerateSerializer, Immutable, Alias("oc.DivergenceQuery")]
public sealed record DivergenceQuery
{
    /// <summary>The version that rows are drawn from; 0: the one that the bare name means.</summary>
    [Id(0)] public required int From { get; init; }

    /// <summary>The version that they are compared under; 0: the one that the bare name means.</summary>
    [Id(1)] public required int To { get; init; }

    [Id(2)] public required ulong Seed { get; init; }

    /// <summary>Number of the first row. Row i is the same whoever draws it.</summary>
    [Id(3)] public required long FirstRow { get; init; }

    /// <summary>Rows wanted, at least 1.</summary>
    [Id(4)] public required int Rows { get; init; }
}

/// <summary>A Kullback–Leibler divergence, estimated over drawn rows, in nats.</summary>
[GenerateSerializer, Immutable, Alias("oc.DivergenceEstimate")]
public sealed record DivergenceEstimate
{
    /// <summary>Rows drawn: those that one call had time for, or all of them.</summary>
    [Id(0)] public required long Rows { get; init; }

    /// <summary>Mean of ln p(x) − ln q(x); +∞ when q gives a row of p no density at all.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>Sum of the squared deviations from the mean.</summary>
    [Id(2)] public required double Squares { get; init; }

    /// <summary>Standard error of the value; NaN of one row.</summary>
    public double StandardError() => Math.Sqrt(Squares / (Rows - 1) / Rows);

    /// <summary>The estimate over these rows and those that follow them.</summary>
    public DivergenceEstimate With(DivergenceEstimate following)
    {
        ArgumentNullException.ThrowIfNull(following);
        if (double.IsInfinity(Value) || double.IsInfinity(following.Value))
            return new DivergenceEstimate { Rows = Rows + following.Rows, Value = double.PositiveInfinity, Squares = double.NaN };
        long rows = Rows + following.Rows;
        double apart = following.Value - Value;
        double share = (double)following.Rows / rows;
        return new DivergenceEstimate { Rows = rows, Value = Value + (apart * share), Squares = Squares + following.Squares + (apart * apart * Rows * share) };
    }
}
