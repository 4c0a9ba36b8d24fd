using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCluster.Compute;

namespace OrleansCluster.Grains.Tests.Compute;

public sealed class ComputePoolTests
{
    [Fact]
    public async Task Every_slice_is_computed_once()
    {
        using var pool = new ComputePool(3);
        var counts = new int[10_000];
        Task<int>[] runs = [.. Enumerable.Range(0, 6).Select(_ => pool.Run(ComputePriority.Training, parallel =>
        {
            parallel.For(counts.Length, slice => Interlocked.Increment(ref counts[slice]));
            return parallel.Workers;
        }))];
        (await Task.WhenAll(runs)).ShouldAllBe(workers => workers == 3);
        counts.ShouldAllBe(count => count == 6);
    }

    [Fact]
    public async Task Idle_threads_take_slices_of_a_running_loop()
    {
        using var pool = new ComputePool(2);
        using var together = new Barrier(2);
        // Passes only when two threads are inside the loop at the same time.
        await pool.Run(ComputePriority.Training, parallel =>
        {
            parallel.For(2, _ => together.SignalAndWait());
            return 0;
        });
    }

    [Fact]
    public async Task Loops_inside_loops_end()
    {
        using var pool = new ComputePool(2);
        int count = 0;
        await pool.Run(ComputePriority.Training, parallel =>
        {
            parallel.For(8, _ => parallel.For(8, _ => Interlocked.Increment(ref count)));
            return 0;
        });
        count.ShouldBe(64);
    }

    [Fact]
    public async Task Questions_are_answered_between_the_slices_of_a_training()
    {
        using var pool = new ComputePool(1);
        using var inside = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var order = new ConcurrentQueue<string>();
        Task training = pool.Run(ComputePriority.Training, parallel =>
        {
            parallel.For(2, slice =>
            {
                order.Enqueue($"slice {slice}");
                inside.Set();
                asked.Wait();
            });
            return 0;
        });
        inside.Wait();
        Task another = pool.Run(ComputePriority.Training, _ => Note(order, "next training"));
        Task question = pool.Run(ComputePriority.Serving, _ => Note(order, "question"));
        asked.Set();
        await Task.WhenAll(training, another, question);
        order.ShouldBe(["slice 0", "question", "slice 1", "next training"]);
    }

    [Fact]
    public async Task A_training_of_a_service_rests_between_its_slices_for_what_is_asked_and_is_not_charged_for_it()
    {
        using var pool = new ComputePool(1, givesWay: true);
        var account = new ComputeAccount(new ComputeShare());
        var asker = new ComputeAccount(new ComputeShare());
        long begun = Stopwatch.GetTimestamp();
        await pool.Run(ComputePriority.Training, account, parallel =>
        {
            parallel.For(21, _ =>
            {
                for (int question = 0; question < 5; question++)
                    pool.RunHere(asker, _ => 0);
            });
            return 0;
        });
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        took.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(70));
        TimeSpan.FromTicks(account.Ticks * TimeSpan.TicksPerSecond / Stopwatch.Frequency).ShouldBeLessThan(took / 2);
    }

    [Fact]
    public async Task Who_rests_answers_what_is_asked_there()
    {
        using var pool = new ComputePool(1, givesWay: true);
        var order = new ConcurrentQueue<string>();
        Task? question = null;
        await pool.Run(ComputePriority.Training, parallel =>
        {
            parallel.For(3, slice =>
            {
                order.Enqueue($"slice {slice}");
                for (int other = 0; other < 10; other++)
                    pool.RunHere(new ComputeAccount(new ComputeShare()), _ => 0);
                if (slice == 1)
                    question = pool.Run(ComputePriority.Serving, _ => Note(order, "question"));
            });
            return 0;
        });
        await question!;
        order.ShouldBe(["slice 0", "slice 1", "question", "slice 2"]);
    }

    [Theory]
    [InlineData(0, 2, 0, 0)]
    [InlineData(1, 2, 0, 0.4)]
    [InlineData(1, 64, 0, 0.0125)]
    [InlineData(2, 2, 0.4, 1.2)]
    [InlineData(100, 2, 0, 4)]
    [InlineData(long.MaxValue, 2, 2, 4)]
    public void The_more_is_asked_the_longer_is_the_rest_which_threads_share(long questions, int threads, double owed, double milliseconds) =>
        ComputePool.RestFor(questions, threads, TimeSpan.FromMilliseconds(owed)).TotalMilliseconds.ShouldBe(milliseconds, 1e-3);

    [Fact]
    public async Task A_failing_slice_fails_the_computation_when_no_slice_is_running_any_more()
    {
        using var pool = new ComputePool(2);
        int running = 0;
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(() => pool.Run(ComputePriority.Training, parallel =>
        {
            try
            {
                parallel.For(100, slice =>
                {
                    Interlocked.Increment(ref running);
                    try
                    {
                        if (slice == 50)
                            throw new InvalidOperationException("slice 50");
                    }
                    finally
                    {
                        Interlocked.Decrement(ref running);
                    }
                });
            }
            finally
            {
                running.ShouldBe(0);
            }

            return 0;
        }));
        e.Message.ShouldBe("slice 50");
        (await pool.Run(ComputePriority.Training, _ => 1)).ShouldBe(1, "the pool goes on");
    }

    [Fact]
    public async Task Work_that_has_not_begun_can_be_taken_back()
    {
        using var pool = new ComputePool(1);
        using var release = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        Task<int> first = pool.Run(ComputePriority.Training, _ =>
        {
            release.Wait();
            return 1;
        });
        Task<int> second = pool.Run(ComputePriority.Training, _ => 2, source.Token);
        await source.CancelAsync();
        release.Set();
        await Should.ThrowAsync<OperationCanceledException>(second);
        (await first).ShouldBe(1);
        await Should.ThrowAsync<OperationCanceledException>(pool.Run(ComputePriority.Training, _ => 3, source.Token));
    }

    [Theory]
    [InlineData(ComputePriority.Serving, 3)]
    [InlineData(ComputePriority.Training, 100)]
    public async Task An_answer_that_nobody_waits_for_ends_between_two_slices_and_a_training_does_not(ComputePriority priority, int computed)
    {
        using var pool = new ComputePool(1);
        using var source = new CancellationTokenSource();
        int slices = 0;
        Task<int> answer = pool.Run(priority, parallel =>
        {
            parallel.For(100, slice =>
            {
                slices++;
                if (slice == 2)
                    source.Cancel();
            });
            return slices;
        }, source.Token);
        if (priority == ComputePriority.Serving)
            await Should.ThrowAsync<OperationCanceledException>(answer);
        else
            (await answer).ShouldBe(computed);
        slices.ShouldBe(computed);
    }

    [Fact]
    public async Task Disposing_cancels_what_waits_and_lets_what_runs_end()
    {
        var pool = new ComputePool(1);
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<int> running = pool.Run(ComputePriority.Training, _ =>
        {
            inside.Set();
            release.Wait();
            return 1;
        });
        inside.Wait();
        Task<int> waiting = pool.Run(ComputePriority.Training, _ => 2);
        pool.Abandon();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        release.Set();
        (await running).ShouldBe(1);
        pool.Dispose();
        Should.Throw<ObjectDisposedException>(() => { _ = pool.Run(ComputePriority.Training, _ => 3); });
    }

    [Fact]
    public async Task Inline_computation_is_done_before_it_returns()
    {
        var compute = new InlineCompute();
        Task<int> done = compute.Run(ComputePriority.Serving, parallel => parallel.Workers);
        done.IsCompletedSuccessfully.ShouldBeTrue();
        (await done).ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(compute.Run<int>(ComputePriority.Serving, _ => throw new InvalidOperationException()));
    }

    private static int Note(ConcurrentQueue<string> order, string what)
    {
        order.Enqueue(what);
        return 0;
    }
}
