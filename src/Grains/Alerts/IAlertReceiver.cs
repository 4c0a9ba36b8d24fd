using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>Somebody whom alerts are told.</summary>
public interface IAlertReceiver
{
    /// <summary>Its name: the same at every start.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it is told every minute what is the case, and decides itself what to make of it; else it is told what an alert became when it is to be told.
    /// </summary>
    bool IsToldAll { get; }

    /// <summary>Tells it. An alert may be told more than once when an answer is lost.</summary>
    /// <param name="tenant">Whose alerts they are.</param>
    /// <param name="alerts">Firing ones, and ones that have ended.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="AlertsUntoldException">It could not be told; the message says why.</exception>
    Task TellAsync(string tenant, ImmutableArray<Alert> alerts, CancellationToken cancellation);
}

/// <summary>A receiver could not be told.</summary>
public sealed class AlertsUntoldException : Exception
{
    public AlertsUntoldException()
    {
    }

    /// <param name="message">Why.</param>
    public AlertsUntoldException(string message)
        : base(message)
    {
    }

    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public AlertsUntoldException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
