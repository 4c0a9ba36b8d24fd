using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>What is known beforehand about a grain class.</summary>
internal sealed class GrainClass
{
    private const string Suffix = "grain";
    private readonly ConcurrentDictionary<MethodInfo, MethodInfo> _implementations = new();

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? ByConvention(type);
        Interfaces = [.. type.GetInterfaces().Where(i => typeof(IAddressable).IsAssignableFrom(i))];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        MaxLocalWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>(inherit: true)?.MaxLocalWorkers ?? 0;
        CollectionAge = type.IsDefined(typeof(KeepAliveAttribute), inherit: true)
            ? Timeout.InfiniteTimeSpan
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>(inherit: true) switch
            {
                null => null,
                { AlwaysActive: true } => Timeout.InfiniteTimeSpan,
                var limit => limit.AgeLimit,
            };
        Activator = new GrainActivator(type);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public IReadOnlyList<Type> Interfaces { get; }

    public bool IsReentrant { get; }

    /// <summary>Zero unless the grain is a stateless worker.</summary>
    public int MaxLocalWorkers { get; }

    /// <summary>Null where the silo's own limit holds.</summary>
    public TimeSpan? CollectionAge { get; }

    public GrainActivator Activator { get; }

    /// <summary>The class's method that implements a method of an interface.</summary>
    public MethodInfo Implementation(MethodInfo interfaceMethod) => _implementations.GetOrAdd(interfaceMethod, method =>
    {
        if (method.DeclaringType is not { IsInterface: true } declaring || !declaring.IsAssignableFrom(Type))
            return method;
        var map = Type.GetInterfaceMap(declaring);
        var index = Array.IndexOf(map.InterfaceMethods, method);
        return index < 0 ? method : map.TargetMethods[index];
    });

    public override string ToString() => Type.ToString();

    private static GrainType ByConvention(Type type)
    {
#pragma warning disable CA1308 // Grain types are written in lower case.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return GrainType.Create(name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name);
    }
}
