using Xunit.Sdk;
using Xunit.v3;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Tests in the order in which they are written down. Each stands on its own; in this order the cluster that they share changes least.</summary>
public sealed class InOrder : ITestMethodOrderer
{
    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods)
        where TTestMethod : notnull, ITestMethod =>
        [.. testMethods.OrderBy(test => test is IXunitTestMethod { Method: var method } ? method.MetadataToken : 0)];
}
