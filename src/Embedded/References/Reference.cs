using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A reference to a grain; a generated class per grain interface derives from it and turns each method into a call.</summary>
internal class Reference(Silo silo, GrainClass grainClass, GrainId grainId) : GrainReference(grainId)
{
    internal override object Cast(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : silo.References.Create(interfaceType, grainClass, GrainId);

    /// <summary>Sends a call. Generated methods end here.</summary>
    protected Task Send(VoidCall call)
    {
        Dispatch(call);
        return call.IsOneWay ? Task.CompletedTask : call.Promise;
    }

    /// <summary>Sends a call. Generated methods end here.</summary>
    protected Task<T> Send<T>(Call<T> call)
    {
        Dispatch(call);
        return call.Promise;
    }

    private void Dispatch(Call call)
    {
        call.CallerToken.ThrowIfCancellationRequested();
        call.TargetId = GrainId;
        call.TargetClass = grainClass;
        call.Context = RequestContext.Values;
        // A reference that came as an argument is used where it came to: the calling grain's silo sends.
        var caller = RuntimeContext.Current as Activation;
        call.SourceId = caller?.GrainId;
        (caller?.Silo ?? silo).Send(call);
    }
}
