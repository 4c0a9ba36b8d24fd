namespace OrleansCluster.Conformance.Tests;

/// <summary>Passes the request context on.</summary>
public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> Get(string key);

    Task<string?> GetBehind(string other, string key);

    Task<string?> SetAndGetBehind(string other, string key, string value);

    Task Set(string key, string value);

    Task<string?> CallSetAndGet(string other, string key);

    Task<string?> GetAfterAwait(string key);
}

public sealed class ContextGrain : Grain, IContextGrain
{
    public Task<string?> Get(string key) => Task.FromResult((string?)RequestContext.Get(key));

    public Task<string?> GetBehind(string other, string key) => GrainFactory.GetGrain<IContextGrain>(other).Get(key);

    public Task<string?> SetAndGetBehind(string other, string key, string value)
    {
        RequestContext.Set(key, value);
        return GetBehind(other, key);
    }

    public Task Set(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public async Task<string?> CallSetAndGet(string other, string key)
    {
        await GrainFactory.GetGrain<IContextGrain>(other).Set(key, "theirs");
        return (string?)RequestContext.Get(key);
    }

    public async Task<string?> GetAfterAwait(string key)
    {
        await Task.Yield();
        await Task.Delay(1);
        return (string?)RequestContext.Get(key);
    }
}
