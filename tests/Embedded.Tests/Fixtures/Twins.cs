namespace OrleansCluster.Embedded.Tests.Twins;

/// <summary>Two classes that would have one grain type. They derive from nothing, so that hosts do not discover them.</summary>
internal static class First
{
    internal sealed class TwinGrain;
}

internal static class Second
{
    internal sealed class TwinGrain;
}
