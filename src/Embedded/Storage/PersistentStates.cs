using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>Makes the persistent state that constructor parameters ask for.</summary>
internal static class PersistentStates
{
    public const string DefaultStorage = "Default";

    private static readonly MethodInfo s_make = typeof(PersistentStates).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static Func<Activation, object?> Source(Type parameterType, PersistentStateAttribute attribute, Type grainClass)
    {
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new OrleansConfigurationException($"Grain class {grainClass} marks a parameter of type {parameterType} by [PersistentState]: it must be an IPersistentState<T>.");
        var make = s_make.MakeGenericMethod(parameterType.GenericTypeArguments).CreateDelegate<Func<Activation, PersistentStateAttribute, object>>();
        return activation => make(activation, attribute);
    }

    private static PersistentState<TState> Make<TState>(Activation activation, PersistentStateAttribute attribute)
    {
        var name = attribute.StorageName ?? DefaultStorage;
        var storage = activation.Silo.Services.GetKeyedService<IGrainStorage>(name)
            ?? throw new OrleansConfigurationException($"Grain {activation.GrainId} keeps its state '{attribute.StateName}' in the storage '{name}', which is not registered. Add it in UseOrleans(...).");
        var state = new PersistentState<TState>(attribute.StateName, activation.GrainId, storage);
        activation.Lifecycle.Add(state);
        return state;
    }
}
