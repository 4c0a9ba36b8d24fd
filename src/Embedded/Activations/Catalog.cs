using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Brings calls to activations, and makes activations for calls.</summary>
internal sealed class Catalog(Silo silo, IActivationDirectory directory) : ICallReceiver
{
    /// <summary>A call is handed on this often from activations that end; then it is refused.</summary>
    private const int MaxForwards = 2;

    private volatile bool _stopping;

    public IEnumerable<Activation> Activations => directory.Targets.SelectMany(target => target switch
    {
        Activation activation => [activation],
        StatelessWorkers workers => workers.Snapshot(),
        _ => Enumerable.Empty<Activation>(),
    });

    public void Deliver(Call call)
    {
        try
        {
            while (true)
            {
                if (!directory.TryGet(call.TargetId, out var target))
                {
                    if (_stopping)
                        throw new SiloUnavailableException($"The silo is stopping and does not activate {call.TargetId} for {call}.");
                    target = directory.GetOrAdd(call.TargetId, id => Make(call.TargetClass!, id));
                }

                if (target.TryReceive(call))
                    return;
                directory.Remove(call.TargetId, target);
            }
        }
        catch (Exception error)
        {
            Refuse(call, error);
        }
    }

    /// <summary>Sends calls that an ended activation did not take to the grain's next one.</summary>
    public void Forward(IEnumerable<Call> calls)
    {
        foreach (var call in calls)
        {
            if (call.IsLocalOnly || call.IsAnswered)
                continue;
            if (++call.Forwards > MaxForwards)
                Refuse(call, new OrleansMessageRejectionException($"{call.TargetId} ended {call.Forwards} times before it took the call {call}."));
            else
                silo.Transport.Send(call);
        }
    }

    /// <summary>Tells the caller that the grain did not take the call.</summary>
    public void Refuse(Call call, Exception error)
    {
        call.Error = error;
        if (call.IsOneWay)
            silo.LogOneWayFailure(call, error);
        else if (!call.IsLocalOnly)
            silo.Transport.Reply(call);
    }

    public void Unregister(GrainId grainId, ICallTarget target) => directory.Remove(grainId, target);

    /// <summary>Ends all activations and waits for them. No new one starts from now on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var ending = new List<Task>();
        foreach (var activation in Activations)
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host is stopping."), cancellationToken);
            ending.Add(activation.Deactivated);
        }

        await Task.WhenAll(ending).WaitAsync(cancellationToken);
    }

    private ICallTarget Make(GrainClass grainClass, GrainId id) => grainClass.MaxLocalWorkers > 0
        ? new StatelessWorkers(silo, grainClass, id)
        : new Activation(silo, grainClass, id);
}
