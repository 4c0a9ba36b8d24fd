using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCluster.Models;

namespace OrleansCluster.Client;

/// <summary>Whether what a program asks answers.</summary>
/// <param name="client">What it asks.</param>
/// <param name="model">A model that must be there; empty: none need be.</param>
internal sealed class ClusteringHealthCheck(IClusteringClient client, string model) : IHealthCheck
{
    /// <summary>A name that nothing has.</summary>
    private const string Nothing = "_ready";

    /// <summary>Who watches does not wait as long as who asks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            if (model.Length == 0)
            {
                await client.Datasets.FindAsync(Nothing, 0, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
                return HealthCheckResult.Healthy();
            }

            ModelOutline? found = await client.Models.FindAsync(model, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            return found is { Versions.IsEmpty: false }
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"There is no model '{model}'.");
        }
        catch (Exception e) when (e is ClusteringException or UnavailableException or TimeoutException or OrleansException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
