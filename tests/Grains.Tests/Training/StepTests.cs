using Microsoft.Extensions.Options;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>How steps travel, wait and are kept.</summary>
public sealed class StepTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Asking_again_joins_the_running_work()
    {
        var ledger = new StepLedger(TimeProvider.System);
        var work = new TaskCompletionSource<PooledBytes>();
        int started = 0;
        Task<PooledBytes> Start()
        {
            started++;
            return work.Task;
        }

        (await ledger.Join("a", Start, TimeSpan.Zero, default)).Pending.ShouldBeTrue();
        Task<StepReply> first = ledger.Join("a", Start, Long, default), second = ledger.Join("a", Start, Long, default);
        work.SetResult(PooledBytes.Of(new byte[] { 1 }));
        (await first).Statistic.ToArray().ShouldBe([1]);
        (await second).Statistic.ToArray().ShouldBe([1]);
        started.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_told_and_then_forgotten()
    {
        var ledger = new StepLedger(TimeProvider.System);
        await Should.ThrowAsync<InvalidOperationException>(
            ledger.Join("a", () => Task.FromException<PooledBytes>(new InvalidOperationException()), Long, default));
        (await ledger.Join("a", () => Done(2), Long, default)).Statistic.ToArray().ShouldBe([2]);
    }

    [Fact]
    public async Task Work_that_was_let_go_of_is_unavailable_and_begins_anew()
    {
        var ledger = new StepLedger(TimeProvider.System);
        (await Should.ThrowAsync<UnavailableException>(ledger.Join("a", LetGo, Long, default))).Message.ShouldContain("let go of; ask again");
        (await ledger.Join("a", () => Done(3), Long, default)).Statistic.ToArray().ShouldBe([3]);
    }

    [Fact]
    public async Task A_step_that_was_let_go_of_is_asked_for_again_only_after_a_pause()
    {
        var time = new ManualTime();
        var ledger = new StepLedger(time);
        int asked = 0;
        Task<StepReply> Ask(int offset, TimeSpan wait) => ledger.Join("a", ++asked <= 2 ? LetGo : () => Done(6), wait, default, offset);

        Task<PooledBytes> answer = StepCalls.Await(Ask, Nowhere, new TrainingOptions(), time, default);
        for (int asks = 1; asks <= 2; asks++)
            await AsksAgainAfterThePause(time, () => asked, asks);
        (await answer).Memory.ToArray().ShouldBe([6]);
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_came_without_a_wait_is_asked_for_again_only_after_a_pause()
    {
        var time = new ManualTime();
        int asked = 0;
        Task<StepReply> Ask(int offset, TimeSpan wait) =>
            Task.FromResult(++asked <= 2 ? StepReply.StillRunning : new StepReply { Statistic = new byte[] { 7 }, Length = 1 });

        Task<PooledBytes> answer = StepCalls.Await(Ask, Nowhere, new TrainingOptions { StepWait = TimeSpan.Zero }, time, default);
        for (int asks = 1; asks <= 2; asks++)
            await AsksAgainAfterThePause(time, () => asked, asks);
        (await answer).Memory.ToArray().ShouldBe([7]);
    }

    [Fact]
    public async Task An_answer_that_came_after_its_wait_is_asked_for_again_at_once()
    {
        var time = new ManualTime();
        int asked = 0;
        Task<StepReply> Ask(int offset, TimeSpan wait)
        {
            time.Advance(wait);
            return Task.FromResult(++asked < 3 ? StepReply.StillRunning : new StepReply { Statistic = new byte[] { 8 }, Length = 1 });
        }

        Task<PooledBytes> answer = StepCalls.Await(Ask, Nowhere, new TrainingOptions(), time, default);
        answer.IsCompletedSuccessfully.ShouldBeTrue();
        (await answer).Memory.ToArray().ShouldBe([8]);
    }

    [Fact]
    public async Task Lost_replies_are_asked_for_again_a_few_times()
    {
        var options = new TrainingOptions { StepRetries = 2, RetryDelay = TimeSpan.Zero };
        var replies = new Queue<Func<Task<StepReply>>>(
        [
            () => Task.FromException<StepReply>(new TimeoutException()),
            () => Task.FromResult(StepReply.StillRunning),
            () => Task.FromException<StepReply>(new TimeoutException()),
            () => Task.FromException<StepReply>(new TimeoutException()),
            () => Task.FromResult(new StepReply { Statistic = new byte[] { 4 } }),
        ]);
        (await StepCalls.Await((_, _) => replies.Dequeue()(), Nowhere, options, TimeProvider.System, default)).Memory.ToArray().ShouldBe([4]);

        int asked = 0;
        await Should.ThrowAsync<TimeoutException>(
            StepCalls.Await((_, _) => Task.FromException<StepReply>(new TimeoutException($"{++asked}")), Nowhere, options, TimeProvider.System, default));
        asked.ShouldBe(3);
        await Should.ThrowAsync<ClusteringException>(
            StepCalls.Await((_, _) => Task.FromException<StepReply>(new ClusteringException("damaged")), Nowhere, options, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_long_statistic_travels_in_pieces_and_is_computed_again_when_one_is_lost()
    {
        byte[] statistic = [.. Enumerable.Range(0, (2 * WireLimits.PieceBytes) + 5).Select(i => (byte)(i % 251))];
        var ledger = new StepLedger(TimeProvider.System);
        int computed = 0, asked = 0;
        Task<PooledBytes> Start()
        {
            computed++;
            PooledBytes rented = PooledBytes.Rent(statistic.Length, out Memory<byte> writable);
            statistic.CopyTo(writable);
            return Task.FromResult(rented);
        }

        async Task<StepReply> Ask(int offset, TimeSpan wait)
        {
            StepReply reply = await ledger.Join("a", Start, wait, default, offset);
            reply.Statistic.Length.ShouldBeLessThanOrEqualTo(WireLimits.PieceBytes);
            // The grain is lost after the first piece, and the last piece's answer on its way.
            if (++asked == 1)
                ledger.Clear();
            return asked == 3 ? throw new TimeoutException() : reply;
        }

        var options = new TrainingOptions { RetryDelay = TimeSpan.Zero };
        (await StepCalls.Await(Ask, Nowhere, options, TimeProvider.System, default)).Memory.ToArray().ShouldBe(statistic);
        asked.ShouldBe(4);
        computed.ShouldBe(3);
    }

    [Fact]
    public async Task On_one_silo_a_long_statistic_is_taken_as_it_is_by_one_and_computed_again_for_another()
    {
        byte[] statistic = [.. Enumerable.Range(0, (3 * WireLimits.PieceBytes) + 5).Select(i => (byte)(i % 241))];
        var local = new LocalStatistics();
        Orleans.Runtime.GrainId grain = Orleans.Runtime.GrainId.Create("partition", "one"), other = Orleans.Runtime.GrainId.Create("partition", "other");
        var ledger = new StepLedger(TimeProvider.System, local, grain);
        var computed = new List<PooledBytes>();
        int asked = 0;
        Task<StepReply> Ask(int offset, TimeSpan wait)
        {
            asked++;
            return ledger.Join("a", () => Task.FromResult(Compute()), wait, default, offset);
        }

        var options = new TrainingOptions { RetryDelay = TimeSpan.Zero };
        PooledBytes first = await StepCalls.Await(Ask, () => local.Take(grain, "a"), options, TimeProvider.System, default);
        first.ShouldBeSameAs(computed.ShouldHaveSingleItem());
        asked.ShouldBe(1);

        // Who has the whole gives it back when he is done with it; meanwhile nobody else reads it.
        PooledBytes second = await StepCalls.Await(Ask, () => local.Take(other, "a") ?? local.Take(grain, "b"), options, TimeProvider.System, default);
        second.ToArray().ShouldBe(statistic);
        computed.Count.ShouldBe(2);
        computed[1].IsReleased.ShouldBeTrue();
        first.ToArray().ShouldBe(statistic);

        // Somebody who asked from another silo was given the first piece, then it was taken.
        (await Ask(0, Long)).Statistic.Length.ShouldBe(WireLimits.PieceBytes);
        local.Take(grain, "a").ShouldBeSameAs(computed[2]);
        await Should.ThrowAsync<UnavailableException>(Ask(WireLimits.PieceBytes, Long));
        local.Take(grain, "a").ShouldBeNull();
        (await Ask(WireLimits.PieceBytes, Long)).Statistic.ToArray().ShouldBe(statistic[WireLimits.PieceBytes..(2 * WireLimits.PieceBytes)]);

        // A grain that goes leaves nothing behind.
        ledger.Clear();
        local.Take(grain, "a").ShouldBeNull();
        computed[3].IsReleased.ShouldBeTrue();
        computed[2].IsReleased.ShouldBeFalse();

        PooledBytes Compute()
        {
            PooledBytes rented = PooledBytes.Rent(statistic.Length, out Memory<byte> writable);
            statistic.CopyTo(writable);
            computed.Add(rented);
            return rented;
        }
    }

    [Fact]
    public async Task A_step_is_fetched_once_and_checked()
    {
        StepCache cache = Cache(1000);
        (string digest, byte[] bytes) = Step(10);
        int fetched = 0;
        Task<PooledBytes> Fetch()
        {
            fetched++;
            return Task.FromResult(PooledBytes.Of(bytes));
        }

        StepLease[] got = await Task.WhenAll(cache.Get(digest, Fetch), cache.Get(digest, Fetch), cache.Get(digest, Fetch));
        got.ShouldAllBe(one => one.Step.Bytes.ToArray().SequenceEqual(bytes));
        fetched.ShouldBe(1);

        string other = ContentHash.Of([9]);
        (await Should.ThrowAsync<ClusteringException>(cache.Get(other, Fetch))).Message.ShouldContain("damaged");
        (await cache.Get(other, () => Task.FromResult(PooledBytes.Of(new byte[] { 9 })))).Step.Bytes.ToArray().ShouldBe([9]);
    }

    [Fact]
    public async Task The_steps_used_longest_ago_go_first()
    {
        StepCache cache = Cache(250);
        (string a, byte[] aBytes) = Step(100);
        (string b, byte[] bBytes) = Step(101);
        (string c, byte[] cBytes) = Step(102);
        cache.Put(new EncodedStep(a, aBytes));
        cache.Put(new EncodedStep(b, bBytes));
        await cache.Get(a, Missing);
        cache.Put(new EncodedStep(c, cBytes));
        await cache.Get(a, Missing);
        await cache.Get(c, Missing);
        await Should.ThrowAsync<InvalidOperationException>(cache.Get(b, Missing));
    }

    [Fact]
    public async Task Two_who_wait_for_a_long_statistic_get_whole_pieces_and_the_later_one_of_the_last_asks_again()
    {
        byte[] statistic = [.. Enumerable.Range(0, WireLimits.PieceBytes + 7).Select(i => (byte)(i % 249))];
        PooledBytes rented = PooledBytes.Rent(statistic.Length, out Memory<byte> writable);
        statistic.CopyTo(writable);
        // One turn at a time, as on a grain's scheduler.
        TaskScheduler turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var work = new TaskCompletionSource<PooledBytes>();
        var ledger = new StepLedger(TimeProvider.System);
        Task<StepReply>[] first = [Join(0), Join(0)];
        await Task.Factory.StartNew(() => work.SetResult(rented), default, TaskCreationOptions.None, turns);
        foreach (StepReply reply in await Task.WhenAll(first))
            reply.Statistic.ToArray().ShouldBe(statistic[..WireLimits.PieceBytes]);

        work = new TaskCompletionSource<PooledBytes>();
        ledger = new StepLedger(TimeProvider.System);
        Task<StepReply>[] last = [Join(WireLimits.PieceBytes), Join(WireLimits.PieceBytes)];
        await Task.Factory.StartNew(() => work.SetResult(rented), default, TaskCreationOptions.None, turns);
        await Task.WhenAny(Task.WhenAll(last));
        (await last.Single(join => join.IsCompletedSuccessfully)).Statistic.ToArray().ShouldBe(statistic[WireLimits.PieceBytes..]);
        await Should.ThrowAsync<UnavailableException>(last.Single(join => join.IsFaulted));
        rented.IsReleased.ShouldBeTrue();

        Task<StepReply> Join(int offset) =>
            Task.Factory.StartNew(() => ledger.Join("a", () => work.Task, Long, default, offset), default, TaskCreationOptions.None, turns).Unwrap();
    }

    [Fact]
    public async Task A_step_that_goes_while_it_is_read_is_given_back_afterwards()
    {
        StepCache cache = Cache(1);
        (string digest, byte[] bytes) = Step(WireLimits.PieceBytes);
        PooledBytes rented = PooledBytes.Rent(bytes.Length, out Memory<byte> writable);
        bytes.CopyTo(writable);
        StepLease lease = await cache.Get(digest, () => Task.FromResult(rented));
        (string other, byte[] otherBytes) = Step(5);
        cache.Put(new EncodedStep(other, otherBytes));
        lease.Step.Bytes.ToArray().ShouldBe(bytes);
        rented.IsReleased.ShouldBeFalse();
        lease.Dispose();
        lease.Dispose();
        rented.IsReleased.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => lease.Step);
    }

    [Fact]
    public void A_checkpoint_reads_back_whole()
    {
        var trainer = new FixedTrainer();
        var trace = new TrainingTrace();
        trace.Add([new TrainingWarning(0, "careful")], "init", 0.5);
        trace.Add([new IterationEnded(0, 1, 10.5, 0.25, 7, 100)], "iterate", 0.25);
        trace.Add([new IterationEnded(0, 2, 9.5, 0, 0, 100), new RestartEnded(0, 2, 9.5, "converged")], "iterate", 0.125);
        byte[] bytes = Checkpoint.Encode("job", trainer, trace);

        Checkpoint read = Checkpoint.Decode("job", bytes);
        read.Trainer.ToArray().ShouldBe(trainer.Save());
        read.Trace.Iterations.ShouldBe(trace.Iterations);
        read.Trace.Restarts.ShouldBe(trace.Restarts);
        read.Trace.Warnings.ShouldBe([(0, "careful")]);
        (read.Trace.Count, read.Trace.InitSeconds, read.Trace.TotalSeconds, read.Trace.Newest).ShouldBe((4, 0.5, 0.875, trace.Newest));
        for (int length = 0; length < bytes.Length; length++)
            Should.Throw<InvalidDataException>(() => Checkpoint.Decode("job", bytes[..length]));
        Should.Throw<InvalidDataException>(() => Checkpoint.Decode("other", bytes)).Message.ShouldContain("belongs to the job 'job'");
    }

    [Fact]
    public void Progress_is_read_by_position_and_holds_at_most_the_newest_thousand_iterations()
    {
        var trace = new TrainingTrace();
        for (int i = 1; i <= 1500; i++)
            trace.Add([new IterationEnded(0, i, 1, 1, 1, 1)], "iterate", 0.001);
        trace.Warn("late");
        trace.After(1499).Iterations.ShouldHaveSingleItem().Iteration.ShouldBe(1500);
        trace.After(1499).Warnings.ShouldBe(["late"]);
        trace.After(0).Iterations.Select(iteration => iteration.Iteration).ShouldBe(Enumerable.Range(501, 1000));
        trace.After(trace.Count).Warnings.ShouldBeEmpty();
    }

    private static Task<PooledBytes> Done(byte value) => Task.FromResult(PooledBytes.Of(new[] { value }));

    private static Task<PooledBytes> LetGo() => Task.FromCanceled<PooledBytes>(new CancellationToken(true));

    private static async Task AsksAgainAfterThePause(ManualTime time, Func<int> asked, int asks)
    {
        TimeSpan pause = new TrainingOptions().RetryDelay, moment = TimeSpan.FromMilliseconds(1);
        await time.TimersSet(1);
        asked().ShouldBe(asks);
        time.Advance(pause - moment);
        asked().ShouldBe(asks);
        time.Advance(moment);
    }

    private static PooledBytes? Nowhere() => null;

    private static Task<PooledBytes> Missing() => throw new InvalidOperationException("It must be fetched.");

    private static StepCache Cache(long bytes) => new(Options.Create(new TrainingOptions { StepCacheBytes = bytes }));

    private static (string Digest, byte[] Bytes) Step(int length)
    {
        var bytes = new byte[length];
        return (ContentHash.Of(bytes), bytes);
    }

    private sealed class FixedTrainer : ITrainer
    {
        public string Algorithm => "fixed";

        public string Phase => "iterate";

        public int Restart => 0;

        public int Iteration => 2;

        public EncodedStep? Next => null;

        public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel) => [];

        public byte[] Save() => [1, 2, 3];
    }
}
