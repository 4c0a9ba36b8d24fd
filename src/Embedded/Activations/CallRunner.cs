using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>Runs one call on an activation, in a turn of it, and sends the outcome back.</summary>
internal static class CallRunner
{
    public static async Task RunAsync(Call call, Activation activation)
    {
        call.RunsOn(activation);
        call.Error = null;
        if (call.IsAnswered)
        {
            // It ran out of time or was cancelled while it waited: nobody wants it any more.
            activation.End(call);
            return;
        }

        if (call.Context is not null)
            RequestContext.Values = call.Context;
        var silo = activation.Silo;
        try
        {
            if (silo.Filters.Count == 0 && activation.GrainInstance is not IIncomingGrainCallFilter)
                await call.InvokeAsync(activation.GrainInstance!);
            else
                await new FilteredCall(activation, call).Invoke();
        }
        catch (Exception error)
        {
            call.Error = error;
            if (error is InconsistentStateException { IsSourceActivation: true } conflict)
            {
                conflict.IsSourceActivation = false;
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, error, "The grain's state has changed in storage."));
            }
        }

        // The activation is free before the caller goes on: who calls a stateless worker one by one is served by one worker.
        activation.End(call);
        if (call.IsLocalOnly)
            return;
        if (!call.IsOneWay)
            silo.Transport.Reply(call);
        else if (call.Error is { } unseen)
            silo.LogOneWayFailure(call, unseen);
    }
}
