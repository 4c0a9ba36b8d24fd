using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <inheritdoc cref="IObserverGrain"/>
[StatelessWorker]
public sealed class ObserverGrain(ServedModels served, ReferenceProfiles references, ICompute compute, UsageMeter usage) : Grain, IObserverGrain
{
    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    /// <summary>Looking at what was asked is a part of answering.</summary>
    private ComputeAccount Account => usage.Of(GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant, Name).Serving;

    public async Task<Observation> Observe(ObserveQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        (ServedModel model, ReferenceProfile reference) = await Find(query.Version, cancellation);
        ObservedRows observed = Read(query.Before, reference, model.Version);
        AskedRows asked = AskedRows.Of(query.Rows, model.Model, model.Preparation);
        await compute.Run(
            ComputePriority.Training, Account,
            parallel => asked.Answer(
                seen => Take(
                    model.Version, observed, reference, seen, ObservedInputs.Of(query.Rows, model.Preparation, reference), model.Model, parallel),
                parallel),
            cancellation);
        return new Observation { Version = model.Version, Rows = observed.Rows, Counts = Bytes(observed) };
    }

    public async Task<DriftReport> Compare(DriftQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        (ServedModel model, ReferenceProfile reference) = await Find(query.Version, cancellation);
        var comparison = new DriftComparison(reference, Rules(query.Thresholds), model.Preparation, new ProfiledModel(model.Model).LossName);
        (string name, ObservedRows now) = query.Counts.IsEmpty
            ? await Find(query.Window, model.Version, reference, cancellation)
            : (query.Window, Read(query.Counts, reference, model.Version));
        (string against, ObservedRows before) = query.Against.Length == 0
            ? (DriftComparison.Training, reference.Rows)
            : await Find(query.Against, model.Version, reference, cancellation);
        byte[] document = await compute.Run(
            ComputePriority.Training, Account, _ => comparison.Tell(Name, model.Version, name, now, against, before), cancellation);
        return new DriftReport { Document = document };
    }

    /// <summary>Takes rows in as they are, or prepared, under the same answers that are given to those who ask.</summary>
    private bool Take(
        int version, ObservedRows observed, ReferenceProfile reference, RowBlock seen, RowBlock? rows, PreparedModel model, IParallel parallel)
    {
        RowChecks.CheckFinite(seen);
        var profiled = new ProfiledModel(model);
        var clusters = new int[seen.Rows];
        double[][] scores = [.. profiled.Scores.Select(_ => new double[seen.Rows])];
        profiled.Tell(seen, clusters, scores, parallel);
        foreach (double[] score in scores)
            RowChecks.CheckAnswers(seen, score);
        ChosenCentres? chosen = reference.Chosen.Length > 0 && profiled.Centres is { } centres ? new ChosenCentres(centres, reference.Chosen) : null;
        observed.Take(reference.Frame, rows, seen, clusters, scores, new RowFits(reference.Fit, profiled, chosen), reference.KeepsFar);
        if (ClusterTelemetry.CountsScores)
            Count(version, reference, seen, profiled.Scores, scores, model, parallel);
        return true;
    }

    private void Count(
        int version, ReferenceProfile reference, RowBlock seen, ImmutableArray<string> names, double[][] scores, PreparedModel model, IParallel parallel)
    {
        (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
        for (int i = 0; i < names.Length; i++)
        {
            if (reference.ScoreNames.IndexOf(names[i]) is >= 0 and var at)
            {
                (ValueBins bins, BinCounts counts) = (reference.Frame.Scores[at], reference.Rows.Scores[at]);
                ClusterTelemetry.Scored(tenant, name, version, names[i], scores[i].Where(double.IsFinite).Select(score => counts.ShareUpTo(bins, score)));
            }
        }

        if (model is not IDensities densities || model.K < 2)
            return;
        (int[] parts, double[] shares) = (new int[seen.Rows * model.K], new double[seen.Rows * model.K]);
        densities.Score(seen, model.K, new double[seen.Rows], parts, shares, parallel);
        ClusterTelemetry.Uncertain(tenant, name, version, shares.Chunk(model.K).Select(row => InformationIndices.Entropy([.. row]) / Elementary.Log(model.K)));
    }

    /// <summary>A window of the version, the newest where none is named.</summary>
    /// <exception cref="ClusteringException">There is no such window.</exception>
    private async Task<(string Name, ObservedRows Rows)> Find(string window, int version, ReferenceProfile reference, CancellationToken cancellation)
    {
        IMonitorGrain monitor = GrainFactory.GetGrain<IMonitorGrain>(this.GetPrimaryKeyString());
        string[] known = [.. (await monitor.Windows(cancellation)).Where(one => one.Version == version).Select(one => one.Name)];
        string name = window.Length > 0 ? window : known.LastOrDefault("");
        if (name.Length > 0 && await monitor.Find(name, version, cancellation) is { } found)
            return (name, Read(found.Counts, reference, version));
        throw new ClusteringException(known.Length == 0
            ? $"Nothing was observed yet under version {version} of '{Name}': give rows to compare, or observe some first."
            : $"There is no window '{window}' of version {version} of '{Name}': there are {string.Join(", ", known.TakeLast(10))}.");
    }

    private async Task<(ServedModel Model, ReferenceProfile Reference)> Find(int version, CancellationToken cancellation)
    {
        ServedModel model = await served.Get(this.GetPrimaryKeyString(), version, cancellation);
        return (model, await references.Get(model.Package, Name, model.Version, cancellation));
    }

    /// <exception cref="ClusteringException">The bytes are no observation, or one of another version.</exception>
    private static ObservedRows Read(ReadOnlyMemory<byte> counts, ReferenceProfile reference, int version)
    {
        var none = new ObservedRows(reference.Frame);
        if (counts.IsEmpty)
            return none;
        try
        {
            none.MergeFrom(Statistic.Decode<ObservedRows>(counts));
            return none;
        }
        catch (InvalidDataException e)
        {
            throw new ClusteringException($"What was observed was not observed under version {version}, or is damaged: {e.Message}");
        }
    }

    private static byte[] Bytes(ObservedRows observed)
    {
        using PooledBytes bytes = observed.Encode();
        return bytes.Memory.ToArray();
    }

    private static DriftRules Rules(DriftThresholds asked)
    {
        if (!(asked.Wasserstein > 0 && asked.KolmogorovSmirnov > 0 && asked.JensenShannon > 0 && asked.Share > 0 && asked.ClusterShift > 0
            && asked.Fit > 0))
            throw new ClusteringException("A threshold of drift is not above 0: then everything would be drift.");
        if (!(asked.Alpha is > 0 and < 1))
            throw new ClusteringException(FormattableString.Invariant($"The probability of a false alarm is {asked.Alpha}: it lies between 0 and 1."));
        int least = Math.Min(asked.MinimumRows, asked.ClusterRows);
        return least >= 1
            ? new DriftRules(
                asked.Wasserstein, asked.KolmogorovSmirnov, asked.JensenShannon, asked.Share, asked.Alpha, asked.MinimumRows, asked.ClusterShift, asked.Fit,
                asked.ClusterRows)
            : throw new ClusteringException($"At least {least} rows would be judged: give 1 or more.");
    }
}
