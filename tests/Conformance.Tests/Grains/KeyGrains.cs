namespace OrleansCluster.Conformance.Tests;

public interface IIntegerKeyGrain : IGrainWithIntegerKey
{
    Task<string> Identity();
}

public interface IGuidKeyGrain : IGrainWithGuidKey
{
    Task<string> Identity();
}

public interface IIntegerCompoundKeyGrain : IGrainWithIntegerCompoundKey
{
    Task<string> Identity();
}

public interface IGuidCompoundKeyGrain : IGrainWithGuidCompoundKey
{
    Task<string> Identity();
}

[GrainType("keyed-by-integer")]
public sealed class IntegerKeyGrain : Grain, IIntegerKeyGrain
{
    public Task<string> Identity() => Task.FromResult($"{this.GetPrimaryKeyLong()} {IdentityString}");
}

public sealed class GuidKeyGrain : Grain, IGuidKeyGrain
{
    public Task<string> Identity() => Task.FromResult($"{this.GetPrimaryKey()} {IdentityString}");
}

public sealed class IntegerCompoundKeyGrain : Grain, IIntegerCompoundKeyGrain
{
    public Task<string> Identity() => Task.FromResult($"{this.GetPrimaryKeyLong(out var extension)} {extension} {IdentityString}");
}

public sealed class GuidCompoundKeyGrain : Grain, IGuidCompoundKeyGrain
{
    public Task<string> Identity() => Task.FromResult($"{this.GetPrimaryKey(out var extension)} {extension} {IdentityString}");
}
