namespace OrleansCluster.Grains.Tests.Assumptions;

public sealed class CancellationTests(BareSilo silo) : AssumptionTests(silo)
{
    private ITokenGrain Grain => Grains.GetGrain<ITokenGrain>(Key);

    [Fact]
    public async Task Cancelling_reaches_the_grain_and_the_caller()
    {
        using var source = new CancellationTokenSource();
        Task call = Grain.WaitForToken(Key, source.Token);
        await Soon(Signals.Of(Key + " entered"));
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Soon(call));
        await Soon(Signals.Of(Key + " cancelled"));
    }

    [Fact]
    public async Task The_grain_hears_of_it_in_a_turn_of_its_own()
    {
        using var source = new CancellationTokenSource();
        Task call = Grain.WaitForToken(Key, source.Token);
        await Soon(Signals.Of(Key + " entered"));
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Soon(call));
        await Soon(Signals.Of(Key + " cancelled"));
        Signals.Notes(Key).ShouldBe(["in a turn"]);
    }

    [Fact]
    public async Task A_call_with_a_token_that_is_cancelled_already_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Soon(Grain.Add(1, 2, source.Token)));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_does_not_run_or_is_cancelled_when_it_does()
    {
        using var source = new CancellationTokenSource();
        Task hold = Grain.Hold(Key + "h");
        await Soon(Signals.Of(Key + "h held"));
        Task call = Grain.WaitForToken(Key, source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Soon(call));
        Signals.Raise(Key + "h release");
        await Soon(hold);
        // The grain is free again, or will be: whichever the call became, it does not hold the grain for ever.
        await Soon(Grain.CanBeCancelled());
        if (Signals.IsRaised(Key + " entered"))
            await Soon(Signals.Of(Key + " cancelled"));
    }
}
