using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;

namespace OrleansCluster.Json;

/// <summary>What was expected of rows, as documents have it.</summary>
public static class ExpectationDocuments
{
    /// <summary>Expectations and how they were met.</summary>
    public static ExpectationDocument[] Of(ImmutableArray<ExpectationResult> expectations) =>
        [.. expectations.Select(one => new ExpectationDocument { Expectation = one.Expectation, Broken = one.Broken, PutAside = one.PutAside })];

    /// <summary>The same, read.</summary>
    /// <param name="expectations">What <see cref="Of"/> made.</param>
    public static ImmutableArray<ExpectationResult> Read(IEnumerable<ExpectationDocument> expectations) =>
        [.. expectations.Select(one => new ExpectationResult { Expectation = one.Expectation, Broken = one.Broken, PutAside = one.PutAside })];
}
