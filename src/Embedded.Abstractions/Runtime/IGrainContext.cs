namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the grain and filters see it.</summary>
public interface IGrainContext
{
    /// <summary>The reference by which others call the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of the activation; scoped ones live as long as it does.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once the calls it is running have finished. Returns at once.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Cancels the wait of the grain's own clean-up.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>What the base classes ask of the engine's activation beyond <see cref="IGrainContext"/>.</summary>
internal interface IActivation : IGrainContext
{
    void DelayDeactivation(TimeSpan timeSpan);

    IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);

    void EnterReentrantSection(Guid reentrancyId);

    void ExitReentrantSection(Guid reentrancyId);
}
