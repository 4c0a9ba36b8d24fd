using Orleans;

namespace OrleansCluster.Embedded.Tests;

/// <summary>Calls that nobody waits for any more when their turn comes.</summary>
public sealed class UnwantedCallTests
{
    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_does_not_run()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grains.GetGrain<ITokenTakingGrain>("g");
        var first = grain.Hold("first", CancellationToken.None);
        await host.Journal.Of("first");
        using var source = new CancellationTokenSource();
        var second = grain.Hold("second", source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);
        host.Journal.Raise("open");
        await first;
        await grain.Hold("third", CancellationToken.None);
        host.Journal.Notes.ShouldBe(["first", "third"]);
    }
}

internal interface ITokenTakingGrain : IGrainWithStringKey
{
    Task Hold(string name, CancellationToken token);
}

internal sealed class TokenTakingGrain(Journal journal) : Grain, ITokenTakingGrain
{
    public Task Hold(string name, CancellationToken token)
    {
        journal.Note(name);
        return journal.Of("open");
    }
}
