using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Something that takes the calls to a grain: an activation, or the workers of a stateless worker.</summary>
public interface ICallTarget
{
    /// <summary>Takes a call, unless it has ended: then the call must go to another one.</summary>
    /// <param name="call">The call.</param>
    /// <returns>Whether it took the call.</returns>
    bool TryReceive(Call call);
}

/// <summary>Which grain is active, and where. At most one target per grain.</summary>
public interface IActivationDirectory
{
    /// <summary>All targets, in no order.</summary>
    IEnumerable<ICallTarget> Targets { get; }

    /// <summary>Finds a grain's target.</summary>
    bool TryGet(GrainId grainId, [NotNullWhen(true)] out ICallTarget? target);

    /// <summary>Finds a grain's target, or registers one. The one made may lose against another and is then dropped.</summary>
    ICallTarget GetOrAdd(GrainId grainId, Func<GrainId, ICallTarget> make);

    /// <summary>Forgets a target, if it is still the grain's.</summary>
    void Remove(GrainId grainId, ICallTarget target);
}

/// <summary>The activations of one process.</summary>
internal sealed class ActivationDirectory : IActivationDirectory
{
    private readonly ConcurrentDictionary<GrainId, ICallTarget> _targets = new();

    public IEnumerable<ICallTarget> Targets => _targets.Select(entry => entry.Value);

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out ICallTarget? target) => _targets.TryGetValue(grainId, out target);

    public ICallTarget GetOrAdd(GrainId grainId, Func<GrainId, ICallTarget> make) => _targets.GetOrAdd(grainId, make);

    public void Remove(GrainId grainId, ICallTarget target) => _targets.TryRemove(new KeyValuePair<GrainId, ICallTarget>(grainId, target));
}
