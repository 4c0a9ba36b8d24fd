using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Embedded;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansCluster.Embedded.Tests;

internal interface IRemindedGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    Task Forget(string name);
}

internal sealed class RemindedGrain(Journal journal) : Grain, IRemindedGrain, IRemindable
{
    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        journal.Note($"{this.GetPrimaryKeyString()} {reminderName} {status.CurrentTickTime:yyyy-MM-dd HH:mm} of {status.FirstTickTime:yyyy-MM-dd HH:mm}");
        return Task.CompletedTask;
    }
}

public sealed class ReminderRestartTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private readonly ManualTime _time = new();
    private readonly MemoryReminderStore _store = new();

    [Fact]
    public async Task A_reminder_outlives_the_host()
    {
        await using (var first = await StartAsync())
            await first.Grains.GetGrain<IRemindedGrain>("g").Remind("r", 2 * s_hour, s_hour);
        await using var second = await StartAsync();
        _time.Advance(2 * s_hour);
        await second.Journal.Of("g r 2024-01-01 02:00 of 2024-01-01 02:00");
    }

    [Fact]
    public async Task Ticks_missed_while_the_host_was_down_are_not_made_up_for_and_the_rhythm_is_kept()
    {
        await using (var first = await StartAsync())
            await first.Grains.GetGrain<IRemindedGrain>("g").Remind("r", s_hour, s_hour);
        _time.Advance(TimeSpan.FromMinutes(330));
        await using var second = await StartAsync();
        second.Journal.Notes.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(30));
        await second.Journal.Of("g r 2024-01-01 06:00 of 2024-01-01 01:00");
        second.Journal.Notes.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_forgotten_reminder_stays_forgotten()
    {
        await using (var first = await StartAsync())
        {
            await first.Grains.GetGrain<IRemindedGrain>("g").Remind("a", s_hour, s_hour);
            await first.Grains.GetGrain<IRemindedGrain>("g").Remind("b", s_hour, s_hour);
            await first.Grains.GetGrain<IRemindedGrain>("g").Forget("a");
        }

        (await _store.ReadAllAsync(CancellationToken.None)).Select(r => r.Name).ShouldBe(["b"]);
        await using var second = await StartAsync();
        _time.Advance(s_hour);
        await second.Journal.Of("g b 2024-01-01 01:00 of 2024-01-01 01:00");
        second.Journal.Notes.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_reminder_may_be_months_away()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<IRemindedGrain>("g").Remind("r", TimeSpan.FromDays(366), TimeSpan.FromDays(366));
        _time.Advance(TimeSpan.FromDays(365));
        host.Journal.Notes.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(1));
        await host.Journal.Of("g r 2025-01-01 00:00 of 2025-01-01 00:00");
    }

    [Fact]
    public async Task Nothing_ticks_after_the_stop()
    {
        var host = await StartAsync();
        await host.Grains.GetGrain<IRemindedGrain>("g").Remind("r", s_hour, s_hour);
        await host.DisposeAsync();
        _time.Advance(10 * s_hour);
        (await _store.ReadAllAsync(CancellationToken.None)).Count.ShouldBe(1);
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        silo =>
        {
            silo.Services.AddSingleton<IReminderStore>(_store);
            silo.AddReminders();
        },
        _time);
}
