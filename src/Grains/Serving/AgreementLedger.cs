using OrleansCluster.Models.Routing;

namespace OrleansCluster.Serving;

/// <summary>
/// How versions agreed with their champions on this silo since it was last told: an entry for every model that answers under a route, version and label of the champion.
/// What is here when the process dies is lost. Thread-safe.
/// </summary>
public sealed class AgreementLedger(IGrainFactory grains)
{
    private readonly object _lock = new();
    private Dictionary<string, RouteAgreement> _models = new(StringComparer.Ordinal);

    /// <summary>Notes rows that both versions labelled.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="route">Number of the route that had them compared.</param>
    /// <param name="version">The version compared.</param>
    /// <param name="champion">Stable labels by the champion, one a row.</param>
    /// <param name="other">Stable labels by the version, one a row.</param>
    internal void Add(string model, int route, int version, ReadOnlySpan<int> champion, ReadOnlySpan<int> other)
    {
        var counts = new Dictionary<int, (long Rows, long Same)>();
        for (int i = 0; i < champion.Length; i++)
        {
            (long rows, long same) = counts.GetValueOrDefault(champion[i]);
            counts[champion[i]] = (rows + 1, same + (champion[i] == other[i] ? 1 : 0));
        }

        if (counts.Count == 0)
            return;
        var agreement = new Agreement
        {
            Version = version,
            Labels = [.. counts.OrderBy(count => count.Key).Select(count => new LabelAgreement { Label = count.Key, Rows = count.Value.Rows, Same = count.Value.Same })],
        };
        var noted = new RouteAgreement { Route = route, Versions = [agreement] };
        lock (_lock)
            _models[model] = _models.TryGetValue(model, out RouteAgreement? before) ? RouteAgreements.Merge(before, noted) : noted;
    }

    /// <summary>Tells the models' grains and forgets. What cannot be told is lost.</summary>
    /// <returns>The failure of the last that could not be told; null: all were.</returns>
    public async Task<Exception?> FlushAsync(CancellationToken cancellation = default)
    {
        Dictionary<string, RouteAgreement> models;
        lock (_lock)
            (models, _models) = (_models, new(StringComparer.Ordinal));
        Exception? failure = null;
        foreach ((string model, RouteAgreement counts) in models)
        {
            try
            {
                await grains.GetGrain<IAgreementGrain>(model).Add(counts, cancellation);
            }
            catch (Exception e) when (e is ClusteringException or Orleans.Runtime.OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                failure = e;
            }
        }

        return failure;
    }
}
