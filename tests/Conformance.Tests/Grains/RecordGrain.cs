using Orleans.Storage;

namespace OrleansCluster.Conformance.Tests;

[GenerateSerializer]
[Alias("conformance.Account")]
public sealed class Account
{
    [Id(0)]
    public int Balance { get; set; }
}

/// <summary>Keeps records.</summary>
public interface IRecordGrain : IGrainWithStringKey
{
    Task<int> Balance();

    Task<bool> Exists();

    Task<string?> Etag();

    Task Set(int balance);

    /// <summary>Changes the record in memory only.</summary>
    Task SetUnwritten(int balance);

    Task Reread();

    Task Clear();

    /// <summary>Writes and keeps a conflict to itself.</summary>
    Task<bool> TrySet(int balance);

    /// <summary>Lets another grain write.</summary>
    Task SetOther(string other, int balance);

    /// <summary>Starts several writes at once.</summary>
    Task SetManyTimes(int times);

    Task<Guid> Activation();

    Task WriteBroken();

    Task<int> OtherBalance();
}

public sealed class RecordGrain(
    [PersistentState("account")] IPersistentState<Account> account,
    [PersistentState("other", "named")] IPersistentState<Account> other,
    [PersistentState("broken", "broken")] IPersistentState<Account> broken) : Grain, IRecordGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Signals.Note(this.GetPrimaryKeyString(), $"begin {account.State.Balance}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.Raise($"{this.GetPrimaryKeyString()} ended {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Balance() => Task.FromResult(account.State.Balance);

    public Task<bool> Exists() => Task.FromResult(account.RecordExists);

    public Task<string?> Etag() => Task.FromResult(account.Etag);

    public async Task Set(int balance)
    {
        account.State.Balance = balance;
        await account.WriteStateAsync();
    }

    public Task SetUnwritten(int balance)
    {
        account.State.Balance = balance;
        return Task.CompletedTask;
    }

    public Task Reread() => account.ReadStateAsync();

    public Task Clear() => account.ClearStateAsync();

    public async Task<bool> TrySet(int balance)
    {
        try
        {
            await Set(balance);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    public Task SetOther(string other, int balance) => GrainFactory.GetGrain<IRecordGrain>(other).Set(balance);

    public async Task SetManyTimes(int times)
    {
        var writes = new List<Task>();
        for (var i = 1; i <= times; i++)
        {
            account.State.Balance = i;
            writes.Add(account.WriteStateAsync());
        }

        await Task.WhenAll(writes);
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task WriteBroken() => broken.WriteStateAsync();

    public Task<int> OtherBalance() => Task.FromResult(other.State.Balance);
}
