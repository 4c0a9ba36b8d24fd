using FsCheck;
using FsCheck.Fluent;

namespace OrleansCluster.Grains.Tests.Models.Laws;

/// <summary>
/// Random histories of publications, promotions, rollbacks, routes, policies, prunings and crashes at any write. After every step the registry is what the
/// oracle says, what was answered as done stays done, and rows are answered by versions that the route allows, while it changes too.
/// </summary>
public sealed class RegistryLawTests
{
    private const int Histories = 12;
    private const int Steps = 25;

    [Fact]
    public async Task Whatever_happens_a_registry_is_what_its_changes_make_it()
    {
        await using var world = await RegistryWorld.StartAsync();
        int crashes = 0, changes = 0, refusals = 0;
        // FsCheck waits for a property, so it is kept off the test's own scheduler.
        await Task.Run(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories), Prop.ForAll(RegistryStep.Histories(Steps), steps =>
            HoldsAsync(steps).GetAwaiter().GetResult())));
        crashes.ShouldBeGreaterThan(0);
        refusals.ShouldBeGreaterThan(0);
        changes.ShouldBeGreaterThan(Histories * Steps / 3);

        async Task HoldsAsync(RegistryStep[] steps)
        {
            var history = new RegistryHistory(world);
            await history.BeginAsync();
            foreach (RegistryStep step in steps)
                await history.TakeAsync(step);
            crashes += history.Crashes;
            changes += history.Changes;
            refusals += history.Refusals;
        }
    }
}
