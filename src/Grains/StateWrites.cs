using System.Diagnostics;
using Orleans.Storage;
using OrleansCluster.Monitoring;

namespace OrleansCluster;

/// <summary>The rule for writing state: after a failed or unknown write the activation is given up, and the next one reads the truth.</summary>
internal static class StateWrites
{
    /// <exception cref="ClusteringException">The state could not be written; the message says where and why, and the inner exception is the cause.</exception>
    public static Task Write<T>(this Grain grain, IPersistentState<T> state, T value)
    {
        state.State = value;
        return Guard(grain, "state.write", typeof(T).Name, () => state.WriteStateAsync());
    }

    /// <summary>As if nothing had ever been written.</summary>
    /// <exception cref="ClusteringException">The state could not be removed; the message says where and why, and the inner exception is the cause.</exception>
    public static Task Clear<T>(this Grain grain, IPersistentState<T> state) =>
        Guard(grain, "state.clear", typeof(T).Name, () => state.ClearStateAsync());

    private static async Task Guard(Grain grain, string what, string name, Func<Task> write)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity(what)?.SetTag("state", name);
        try
        {
            await write();
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            grain.DeactivateOnIdle();
            // Orleans has its own rule for conflicts, and needs to see them; other errors of a storage it wraps.
            if (e is InconsistentStateException)
                throw;
            Exception cause = e is OrleansException { InnerException: { } inner } ? inner : e;
            throw Failures.Translate(cause) is ClusteringException told ? told : e;
        }
    }
}
