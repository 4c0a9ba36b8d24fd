using OrleansCluster.Client;

namespace OrleansCluster.Grains.Tests.Serving;

/// <summary>Questions that are refused for a while: a client waits and asks again, as often and as long as it was told.</summary>
public sealed class RefusalTests
{
    private readonly ManualTime _time = new();
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_is_asked_again_when_it_may_be_and_not_before()
    {
        Task<int> answer = Calls.Ask(() => Refuse(times: 2, after: 3), Stop, Options());
        for (int refusals = 1; refusals <= 2; refusals++)
        {
            await _time.TimersSet(1);
            // The wait began up to 0.2 s before, when the time that was added to the one before it was short.
            _time.Advance(TimeSpan.FromSeconds(2.6));
            _asked.ShouldBe(refusals);
            _time.Advance(TimeSpan.FromSeconds(0.6));
            await Until(refusals + 1);
        }

        (await answer).ShouldBe(3);
    }

    [Fact]
    public async Task Who_is_refused_too_often_or_for_too_long_is_told()
    {
        Task<int> often = Calls.Ask(() => Refuse(times: 2, after: 1), Stop, Options() with { Retries = 1 });
        await _time.TimersSet(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await Should.ThrowAsync<ClusteringException>(often)).RetryAfter.ShouldBe(1);
        _asked.ShouldBe(2);
        (await Should.ThrowAsync<ClusteringException>(Calls.Ask(() => Refuse(times: 9, after: 11), Stop, Options()))).RetryAfter.ShouldBe(11);
        (await Should.ThrowAsync<ClusteringException>(Calls.Ask(() => Refuse(times: 9, after: 1), Stop, RefusalOptions.Tell))).RetryAfter.ShouldBe(1);
        (await Should.ThrowAsync<ClusteringException>(Calls.Ask(() => Refuse(times: 9, after: 1), Stop))).RetryAfter.ShouldBe(1);
        _asked.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_told_at_once_and_waiting_can_be_given_up()
    {
        Task<int> wrong = Calls.Ask<int>(() => throw new ClusteringException("No such model."), Stop, Options());
        (await Should.ThrowAsync<ClusteringException>(wrong)).Message.ShouldBe("No such model.");
        using var stop = new CancellationTokenSource();
        Task<int> waiting = Calls.Ask(() => Refuse(times: 9, after: 5), stop.Token, Options());
        await _time.TimersSet(1);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _asked.ShouldBe(1);
    }

    private RefusalOptions Options() => new() { Time = _time };

    private async Task Until(int asked)
    {
        while (Volatile.Read(ref _asked) < asked)
            await Task.Delay(1, Stop);
    }

    private Task<int> Refuse(int times, int after) =>
        Interlocked.Increment(ref _asked) is var asked && asked <= times
            ? Task.FromException<int>(new ClusteringException("Too many rows.") { RetryAfter = after })
            : Task.FromResult(asked);
}
