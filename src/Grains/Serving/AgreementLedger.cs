using OrleansCluster.Models.Routing;

namespace OrleansCluster.Serving;

/// <summary>
/// How versions agreed with their champions on this silo since it was last told: an entry for every model that answers under a route, version and label of
/// the champion. What is here when the process dies is lost. Thread-safe.
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
    /// <param name="losses">What the rows cost under both; null: that is not compared.</param>
    /// <param name="times">How long both took.</param>
    internal void Add(
        string model, int route, int version, ReadOnlySpan<int> champion, ReadOnlySpan<int> other, ComparedLosses? losses = null, ComparedTimes times = default)
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
            Labels = [.. counts.OrderBy(count => count.Key)
                .Select(count => new LabelAgreement { Label = count.Key, Rows = count.Value.Rows, Same = count.Value.Same })],
            Time = times.Other,
            ChampionTime = times.Champion,
        };
        Note(model, route, losses?.AddTo(agreement) ?? agreement);
    }

    /// <summary>Notes rows that a version should have labelled and could not.</summary>
    internal void AddErrors(string model, int route, int version, long rows)
    {
        if (rows > 0)
            Note(model, route, new Agreement { Version = version, Labels = [], Errors = rows });
    }

    private void Note(string model, int route, Agreement agreement)
    {
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
            catch (Exception e) when (
                e is ClusteringException or Orleans.Runtime.OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                failure = e;
            }
        }

        return failure;
    }
}

/// <summary>How long the champion and another version took to label the same rows.</summary>
internal readonly record struct ComparedTimes(TimeSpan Champion, TimeSpan Other);

/// <summary>What the same rows cost under the champion and under another version, row by row in one unit.</summary>
/// <param name="Unit">One of <see cref="LossUnits"/>.</param>
/// <param name="Champion">Losses under the champion.</param>
/// <param name="Other">Losses under the other version.</param>
internal sealed record ComparedLosses(string Unit, double[] Champion, double[] Other)
{
    /// <summary>A loss at which the champion flags a row, and greater ones; ∞: none.</summary>
    public double ChampionFlags { get; init; } = double.PositiveInfinity;

    /// <summary>A loss at which the other version flags a row, and greater ones; ∞: none.</summary>
    public double Flags { get; init; } = double.PositiveInfinity;

    /// <summary>The agreement with these losses; a row that costs the version boundlessly much, and the champion not, is an error.</summary>
    public Agreement AddTo(Agreement agreement)
    {
        (long scored, long errors, double champion, double other) = (0, 0, 0, 0);
        (long championFlagged, long flagged) = (0, 0);
        for (int i = 0; i < Champion.Length; i++)
        {
            if (!double.IsFinite(Champion[i]))
                continue;
            if (!double.IsFinite(Other[i]))
            {
                errors++;
                continue;
            }

            (scored, champion, other) = (scored + 1, champion + Champion[i], other + Other[i]);
            championFlagged += Champion[i] >= ChampionFlags ? 1 : 0;
            flagged += Other[i] >= Flags ? 1 : 0;
        }

        return agreement with
        {
            Scored = scored,
            ChampionLoss = champion,
            Loss = other,
            Errors = errors,
            LossUnit = Unit,
            ChampionFlagged = championFlagged,
            Flagged = flagged,
        };
    }
}
