using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// The task scheduler of one activation: its tasks, among them the continuations of the grain's awaits, run one at a time and in the order they became ready.
/// </summary>
internal sealed class TurnQueue(IGrainContext activation, ITurnScheduler scheduler) : TaskScheduler, ITurnQueue, IThreadPoolWorkItem
{
    private const int RoomKept = 16;

    private readonly Lock _lock = new();
    private Queue<Task>? _ready;
    private bool _scheduled;

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute() => ThreadPoolTurnScheduler.Run(this);

    public bool RunTurn()
    {
        Task task;
        lock (_lock)
            task = _ready!.Dequeue();

        var clean = ExecutionContext.Capture()!;
        var outer = RuntimeContext.Current;
        RuntimeContext.Current = activation;
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            RuntimeContext.Current = outer;
            // What a turn set (request context, culture, current activity) must not leak into the next one.
            ExecutionContext.Restore(clean);
        }

        lock (_lock)
        {
            if (_ready.Count > 0)
                return true;
            // An idle grain keeps no room for the rush it once had.
            if (_ready.Capacity > RoomKept)
                _ready = null;
            _scheduled = false;
            return false;
        }
    }

    /// <summary>Queues a turn. The caller's execution context does not flow into it.</summary>
    public void Post(Action<object?> turn, object? state)
    {
        using (ContextFlow.Suppress())
            new Task(turn, state).Start(this);
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            (_ready ??= new Queue<Task>(1)).Enqueue(task);
            if (_scheduled)
                return;
            _scheduled = true;
        }

        scheduler.Schedule(this);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, activation) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
            return _ready?.ToArray() ?? [];
    }
}
