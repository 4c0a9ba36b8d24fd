using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Makes grain objects: constructor parameters come from the activation's services, persistent state from its storage.</summary>
internal sealed class GrainActivator
{
    private readonly Type _type;
    private readonly Lazy<(ConstructorInvoker Invoke, Func<Activation, object?>[] Arguments)> _construct;

    public GrainActivator(Type type)
    {
        _type = type;
        _construct = new(Prepare);
    }

    /// <summary>Makes the grain object of an activation, within its context.</summary>
    public object Create(Activation activation)
    {
        var (invoker, sources) = _construct.Value;
        var arguments = sources.Length == 0 ? [] : Array.ConvertAll(sources, source => source(activation));
        return invoker.Invoke(arguments.AsSpan());
    }

    private (ConstructorInvoker, Func<Activation, object?>[]) Prepare()
    {
        var constructor = _type.GetConstructors() switch
        {
            [var only] => only,
            var several => Array.Find(several, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
                ?? throw new OrleansConfigurationException($"Grain class {_type} has {several.Length} public constructors. Leave one, or mark one by [ActivatorUtilitiesConstructor]."),
        };
        return (ConstructorInvoker.Create(constructor), Array.ConvertAll(constructor.GetParameters(), Source));
    }

    private Func<Activation, object?> Source(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } attribute)
            return PersistentStates.Source(type, attribute, _type);
        if (type == typeof(IGrainContext))
            return static activation => activation;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetService(type)
                ?? throw new OrleansConfigurationException($"Grain class {_type} asks for a {type} ('{parameter.Name}'), which is not registered. Add it to the host's services.");
    }
}
