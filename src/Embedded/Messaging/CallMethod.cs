using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Embedded;

/// <summary>What is known beforehand about a method of a grain interface.</summary>
internal sealed class CallMethod
{
    public CallMethod(Type interfaceType, MethodInfo method)
    {
        InterfaceType = interfaceType;
        Method = method;
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute), inherit: true);
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute), inherit: true);
        OneWay = method.IsDefined(typeof(OneWayAttribute), inherit: true);
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>(inherit: true)?.Timeout;
    }

    public Type InterfaceType { get; }

    public MethodInfo Method { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public bool OneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    public override string ToString() => $"{InterfaceType.Name}.{Method.Name}";
}
