namespace OrleansCluster.Conformance.Tests;

public interface IReminderGrain : IGrainWithStringKey
{
    Task<string> Remind(string name, TimeSpan due, TimeSpan period);

    Task<string?> Find(string name);

    Task<List<string>> All();

    Task Forget(string name);

    Task EndSoon();
}

public sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    private int _ticks;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Signals.Note(this.GetPrimaryKeyString(), "begin");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.Raise($"{this.GetPrimaryKeyString()} ended");
        return Task.CompletedTask;
    }

    public async Task<string> Remind(string name, TimeSpan due, TimeSpan period) =>
        (await this.RegisterOrUpdateReminder(name, due, period)).ReminderName;

    public async Task<string?> Find(string name) => (await this.GetReminder(name))?.ReminderName;

    public async Task<List<string>> All() => [.. (await this.GetReminders()).Select(r => r.ReminderName).Order(StringComparer.Ordinal)];

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task EndSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Signals.Note(this.GetPrimaryKeyString(), $"tick {reminderName} {status.CurrentTickTime >= status.FirstTickTime}");
        Signals.Raise($"{this.GetPrimaryKeyString()} {reminderName} {++_ticks}");
        return Task.CompletedTask;
    }
}

/// <summary>Asks for reminders without being able to receive them.</summary>
public interface IUnremindableGrain : IGrainWithStringKey
{
    Task Remind();
}

public sealed class UnremindableGrain : Grain, IUnremindableGrain
{
    public Task Remind() => this.RegisterOrUpdateReminder("r", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
}
