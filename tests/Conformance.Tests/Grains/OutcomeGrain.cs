using Orleans.Concurrency;

namespace OrleansCluster.Conformance.Tests;

/// <summary>An error of a grain's own making.</summary>
[GenerateSerializer]
[Alias("conformance.PoorResult")]
public sealed class PoorResultException : Exception
{
    public PoorResultException(string message, int code) : base(message) => Code = code;

    [Id(0)]
    public int Code { get; }
}

[GenerateSerializer]
[Immutable]
[Alias("conformance.Parcel")]
public sealed record Parcel([property: Id(0)] string Name, [property: Id(1)] ReadOnlyMemory<byte> Content);

public interface IOutcomeBase : IGrainWithStringKey
{
    Task<string> Inherited();
}

/// <summary>Arguments and outcomes of all kinds.</summary>
public interface IOutcomeGrain : IOutcomeBase
{
    Task Nothing();

    ValueTask NothingAsValue();

    ValueTask<int> Twice(int value);

    Task<Parcel?> Echo(Parcel? parcel);

    Task<List<long>> Many(int a, string b, long? c, Guid d, double e, DateTime f, TimeSpan g, bool h, byte[] i);

    Task Fail(string message);

    Task FailAtOnce(string message);

    Task FailInOwnWay(int code);

    Task<string> FailBehind(string other);

    Task<string> NameOf(IOutcomeGrain other);

    Task<IOutcomeGrain> Self();

    [OneWay]
    Task FailUnseen(string name);

    Task<int> Overloaded(int value);

    Task<int> Overloaded(string value);
}

public sealed class OutcomeGrain : Grain, IOutcomeGrain
{
    public Task<string> Inherited() => Task.FromResult(this.GetPrimaryKeyString());

    public Task Nothing() => Task.CompletedTask;

    public ValueTask NothingAsValue() => ValueTask.CompletedTask;

    public async ValueTask<int> Twice(int value)
    {
        await Task.Yield();
        return 2 * value;
    }

    public Task<Parcel?> Echo(Parcel? parcel) => Task.FromResult(parcel);

    public Task<List<long>> Many(int a, string b, long? c, Guid d, double e, DateTime f, TimeSpan g, bool h, byte[] i) =>
        Task.FromResult<List<long>>([a, b.Length, c ?? -1, d == Guid.Empty ? 1 : 0, (long)e, f.Ticks, g.Ticks, h ? 1 : 0, i.Length]);

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task FailAtOnce(string message) => throw new InvalidOperationException(message);

    public Task FailInOwnWay(int code) => throw new PoorResultException($"Result {code} is poor.", code);

    public async Task<string> FailBehind(string other)
    {
        await GrainFactory.GetGrain<IOutcomeGrain>(other).FailInOwnWay(7);
        return "no error";
    }

    public Task<string> NameOf(IOutcomeGrain other) => other.Inherited();

    public Task<IOutcomeGrain> Self() => Task.FromResult(this.AsReference<IOutcomeGrain>());

    public Task FailUnseen(string name)
    {
        Signals.Raise(name);
        throw new InvalidOperationException("Nobody hears this.");
    }

    public Task<int> Overloaded(int value) => Task.FromResult(value);

    public Task<int> Overloaded(string value) => Task.FromResult(value.Length);
}
