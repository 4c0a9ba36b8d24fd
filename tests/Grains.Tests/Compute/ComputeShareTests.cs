using OrleansCluster.Compute;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Grains.Tests.Compute;

/// <summary>How threads are shared between tenants, counted in pieces of work that each take a second of a clock that nothing else moves.</summary>
public sealed class ComputeShareTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _order = [];
    private readonly ComputeAccount _heavy = new(new ComputeShare { Weight = 300 }), _light = new(new ComputeShare { Weight = 100 });

    [Fact]
    public async Task Those_who_always_have_something_to_do_get_as_much_as_their_weights_say()
    {
        using var pool = new ComputePool(1, _time);
        using var release = new ManualResetEventSlim();
        Task gate = pool.Run(ComputePriority.Training, _ => Wait(release));
        Task[] all =
        [
            .. Enumerable.Range(0, 40).Select(_ => pool.Run(ComputePriority.Training, _light, _ => Work("light"))),
            .. Enumerable.Range(0, 40).Select(_ => pool.Run(ComputePriority.Training, _heavy, _ => Work("heavy"))),
            pool.Run(ComputePriority.Serving, _light, _ => Work("question")),
        ];
        release.Set();
        await Task.WhenAll([gate, .. all]);
        _order[0].ShouldBe("question");
        for (int end = 4; end <= 48; end += 4)
            _order.Skip(1).Take(end).Count(who => who == "heavy").ShouldBeInRange((3 * end / 4) - 2, (3 * end / 4) + 2);
        _order.Count.ShouldBe(81);
    }

    [Fact]
    public async Task A_long_computation_gives_way_between_its_slices_to_those_who_are_behind()
    {
        using var pool = new ComputePool(1, _time);
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task loop = pool.Run(ComputePriority.Training, _light, parallel => Loop(parallel, 20, slice =>
        {
            if (slice == 0)
            {
                begun.Set();
                release.Wait();
            }

            Work("light");
        }));
        begun.Wait();
        Task[] others = [.. Enumerable.Range(0, 5).Select(_ => pool.Run(
            ComputePriority.Training, _heavy, parallel => Loop(parallel, 6, _ => Work("heavy"))))];
        release.Set();
        await Task.WhenAll([loop, .. others]);
        _order.Count.ShouldBe(50);
        for (int end = 8; end <= 40; end += 4)
            _order.Take(end).Count(who => who == "heavy").ShouldBeInRange((3 * end / 4) - 3, (3 * end / 4) + 3);
    }

    [Fact]
    public async Task Who_did_nothing_for_long_has_saved_nothing_up()
    {
        using var pool = new ComputePool(1, _time);
        for (int i = 0; i < 50; i++)
            await pool.Run(ComputePriority.Training, _light, _ => Work("light"));
        _order.Clear();
        using var release = new ManualResetEventSlim();
        Task gate = pool.Run(ComputePriority.Training, _light, _ => Wait(release));
        var late = new ComputeAccount(new ComputeShare());
        Task[] all = [.. Enumerable.Range(0, 20).SelectMany(_ => (Task[])[
            pool.Run(ComputePriority.Training, late, _ => Work("late")), pool.Run(ComputePriority.Training, _light, _ => Work("light"))])];
        release.Set();
        await Task.WhenAll([gate, .. all]);
        _order.Take(20).Count(who => who == "late").ShouldBeInRange(9, 11);
    }

    [Fact]
    public async Task Work_is_charged_to_whose_it_is_without_what_was_put_in_between()
    {
        using (var pool = new ComputePool(1, _time))
        {
            using var inside = new ManualResetEventSlim();
            using var asked = new ManualResetEventSlim();
            Task training = pool.Run(ComputePriority.Training, _heavy, parallel => Loop(parallel, 4, slice =>
            {
                inside.Set();
                asked.Wait();
                Work("training");
            }));
            inside.Wait();
            Task question = pool.Run(ComputePriority.Serving, _light, _ => Work("question") + Work("question"));
            asked.Set();
            await Task.WhenAll(training, question);
        }

        // When the pool has ended, all is charged.
        _order.ShouldBe(["training", "question", "question", "training", "training", "training"]);
        (_heavy.Ticks, _light.Ticks).ShouldBe((4 * TimeSpan.TicksPerSecond, 2 * TimeSpan.TicksPerSecond));
    }

    [Fact]
    public async Task Loops_of_many_tenants_on_several_threads_end_and_compute_every_slice_once()
    {
        using var pool = new ComputePool(3);
        ComputeAccount[] accounts = [.. Enumerable.Range(1, 5).Select(i => new ComputeAccount(new ComputeShare { Weight = i * 50 }))];
        var counts = new int[60];
        Task[] runs = [.. Enumerable.Range(0, counts.Length).Select(i => pool.Run(
            i % 7 == 0 ? ComputePriority.Serving : ComputePriority.Training, accounts[i % accounts.Length],
            parallel => Loop(parallel, 20, _ => parallel.For(3, _ => Interlocked.Increment(ref counts[i])))))];
        await Task.WhenAll(runs).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        counts.ShouldAllBe(count => count == 60);
    }

    private static int Loop(IParallel parallel, int slices, Action<int> body)
    {
        parallel.For(slices, body);
        return slices;
    }

    private static int Wait(ManualResetEventSlim release)
    {
        release.Wait();
        return 0;
    }

    /// <summary>Takes a second. On one thread, so that the list needs no lock.</summary>
    private int Work(string who)
    {
        _order.Add(who);
        _time.Advance(TimeSpan.FromSeconds(1));
        return 1;
    }
}
