namespace Orleans.Embedded;

/// <summary>Who carries calls and answers. In one process they arrive at once; a simulation may delay, reorder or lose them.</summary>
public interface ITransport
{
    /// <summary>Carries a call to the grain it names.</summary>
    /// <param name="call">The call.</param>
    void Send(Call call);

    /// <summary>Carries a call's outcome back to its caller.</summary>
    /// <param name="call">The call, which has run.</param>
    void Reply(Call call);
}

/// <summary>Where a transport brings the calls for one silo; a service of its host.</summary>
public interface ICallReceiver
{
    /// <summary>Brings a call to the grain's activation, which is made if need be.</summary>
    /// <param name="call">The call.</param>
    void Deliver(Call call);
}

/// <summary>Delivers at once, within the process.</summary>
/// <param name="catalog">The activations of the process.</param>
internal sealed class LocalTransport(Catalog catalog) : ITransport
{
    public void Send(Call call) => catalog.Deliver(call);

    public void Reply(Call call) => call.Answer();
}
