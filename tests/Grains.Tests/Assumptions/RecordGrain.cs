using Orleans.Storage;

namespace OrleansCluster.Grains.Tests.Assumptions;

[GenerateSerializer, Alias("assumptions.Account")]
public sealed class Account
{
    [Id(0)]
    public int Balance { get; set; }
}

/// <summary>Keeps a record.</summary>
public interface IRecordGrain : IGrainWithStringKey
{
    Task<int> Balance();

    Task Set(int balance);

    Task Reread();

    /// <summary>Writes and keeps a conflict to itself.</summary>
    Task<bool> TrySet(int balance);

    /// <summary>Lets another grain write.</summary>
    Task SetOther(string other, int balance);

    /// <summary>Starts several writes at once.</summary>
    Task SetManyTimes(int times);

    Task<Guid> Activation();
}

public sealed class RecordGrain([PersistentState("account")] IPersistentState<Account> account) : Grain, IRecordGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.Raise($"{this.GetPrimaryKeyString()} ended {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Balance() => Task.FromResult(account.State.Balance);

    public async Task Set(int balance)
    {
        account.State.Balance = balance;
        await account.WriteStateAsync();
    }

    public Task Reread() => account.ReadStateAsync();

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
        for (int i = 1; i <= times; i++)
        {
            account.State.Balance = i;
            writes.Add(account.WriteStateAsync());
        }

        await Task.WhenAll(writes);
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
