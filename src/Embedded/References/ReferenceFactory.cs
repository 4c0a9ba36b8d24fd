using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Makes references of a given interface.</summary>
internal sealed class ReferenceFactory(Silo silo)
{
    private readonly ConcurrentDictionary<Type, Func<Silo, GrainClass, GrainId, Reference>> _make = new();

    public Reference Create(Type interfaceType, GrainClass grainClass, GrainId grainId) =>
        _make.GetOrAdd(interfaceType, ReferenceCompiler.Compile)(silo, grainClass, grainId);
}
