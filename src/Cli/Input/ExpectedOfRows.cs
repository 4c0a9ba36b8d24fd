using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>What is expected of rows that are imported, and what becomes of those that are not so.</summary>
/// <param name="Expectations">What is expected.</param>
/// <param name="Policy">What becomes of other rows.</param>
/// <param name="Aside">The file where they are put aside; null: they are not.</param>
internal sealed record ExpectedOfRows(ImmutableArray<Expectation> Expectations, BrokenRows Policy, string? Aside)
{
    /// <summary>With what was expected of the rows of an earlier version.</summary>
    public ExpectedOfRows Behind(DatasetVersion earlier) => this with
    {
        Expectations = Expectation.ParseAll(string.Join(';', earlier.Expectations.Select(one => one.Expectation)
            .Concat(Expectations.Select(one => one.Text)))),
    };
}
