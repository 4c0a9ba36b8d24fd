using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Finds the grain class for an interface or a grain type.</summary>
internal sealed class GrainClassMap
{
    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> _byInterface = new();

    /// <param name="classes">All grain classes.</param>
    /// <exception cref="OrleansConfigurationException">Two classes have the same grain type.</exception>
    public GrainClassMap(IEnumerable<Type> classes)
    {
        foreach (var type in classes.Distinct())
        {
            var grainClass = new GrainClass(type);
            if (!_byType.TryAdd(grainClass.GrainType, grainClass))
                throw new OrleansConfigurationException($"{type} and {_byType[grainClass.GrainType]} have the same grain type '{grainClass.GrainType}'. Give one of them another by [GrainType(\"…\")].");
        }
    }

    public GrainClass ForType(GrainType type) => _byType.TryGetValue(type, out var found)
        ? found
        : throw new ArgumentException($"There is no grain class of type '{type}'.", nameof(type));

    public GrainClass ForInterface(Type interfaceType, string? classNamePrefix) =>
        _byInterface.GetOrAdd((interfaceType, classNamePrefix), static (key, map) => map.Find(key.Interface, key.Prefix), this);

    /// <summary>
    /// The grain classes of the program: those in the assemblies that are loaded or that the entry assembly needs, directly or not, as far as they know the grain abstractions.
    /// </summary>
    public static IEnumerable<Type> Discover()
    {
        var abstractions = typeof(Grain).Assembly.GetName().Name;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (pending.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || !seen.Add(assembly.FullName!))
                continue;
            var references = assembly.GetReferencedAssemblies();
            if (!Array.Exists(references, r => r.Name == abstractions))
                continue;
            foreach (var reference in references)
            {
                // What ships with the framework knows nothing of grains.
                if (!seen.Contains(reference.FullName) && !IsFramework(reference))
                    pending.Enqueue(Assembly.Load(reference));
            }

            foreach (var type in assembly.GetTypes())
            {
                if (type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type))
                    yield return type;
            }
        }
    }

    private static bool IsFramework(AssemblyName name) =>
        name.Name!.StartsWith("System.", StringComparison.Ordinal)
        || name.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || name.Name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
        || name.Name is "System" or "netstandard" or "mscorlib";

    private GrainClass Find(Type interfaceType, string? prefix)
    {
        var candidates = _byType.Values.Where(c => interfaceType.IsAssignableFrom(c.Type)).ToList();
        if (!string.IsNullOrWhiteSpace(prefix))
            candidates = [.. candidates.Where(c => c.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal))];
        // One that bears the name asked for, or else the interface's own name, is meant before others.
        var preferred = candidates.Find(c => string.IsNullOrWhiteSpace(prefix) ? c.Type.Name == interfaceType.Name[1..] : c.Type.FullName == prefix);
        return preferred ?? candidates switch
        {
            [var only] => only,
            [] => throw new ArgumentException($"No grain class implements {interfaceType}{(prefix is null ? "" : $" under a name that begins with '{prefix}'")}. Is its assembly part of the program?"),
            _ => throw new ArgumentException($"{interfaceType} is implemented by {string.Join(" and ", candidates.Select(c => c.Type.FullName).Order(StringComparer.Ordinal))}. Say which by the beginning of its name (grainClassNamePrefix)."),
        };
    }
}
