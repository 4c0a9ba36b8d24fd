using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded;

/// <summary>A call on its way through the incoming filters: those of the silo in the order they were added, then the grain itself if it is one.</summary>
internal sealed class FilteredCall(Activation activation, Call call) : IIncomingGrainCallContext, IInvokable
{
    private int _next;

    public IInvokable Request => this;

    public object Grain => activation.GrainInstance!;

    public GrainId? SourceId => call.SourceId;

    public GrainId TargetId => activation.GrainId;

    public string InterfaceName => GetInterfaceName();

    public string MethodName => call.Method.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Method;

    public object? Result { get => call.BoxedResult; set => call.BoxedResult = value; }

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod => activation.Class.Implementation(call.Method.Method);

    public Task Invoke()
    {
        var filters = activation.Silo.Filters;
        var position = _next++;
        if (position < filters.Count)
            return filters[position].Invoke(this);
        if (position == filters.Count && Grain is IIncomingGrainCallFilter own)
            return own.Invoke(this);
        return call.InvokeAsync(Grain);
    }

    public int GetArgumentCount() => call.ArgumentFields.Length;

    public object? GetArgument(int index) => call.ArgumentFields[index].GetValue(call);

    public void SetArgument(int index, object value) => call.ArgumentFields[index].SetValue(call, value);

    public string GetMethodName() => MethodName;

    public string GetInterfaceName() => call.Method.InterfaceType.FullName!;

    public MethodInfo GetMethod() => call.Method.Method;

    public Type GetInterfaceType() => call.Method.InterfaceType;
}
