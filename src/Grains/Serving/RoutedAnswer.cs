using System.Runtime.InteropServices;
using OrleansCluster.Families;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <summary>Answers rows by a route: each by the version that owns its key's slot, and compares versions on the way. Made for one call.</summary>
/// <param name="model">Grain key of the model.</param>
/// <param name="plan">The route.</param>
/// <param name="versions">The versions of the plan that can answer; the champion does for a canary that cannot.</param>
/// <param name="ledger">Where agreement is noted.</param>
/// <param name="mostCompared">Rows compared at most: the first ones.</param>
/// <param name="time">What tells how long versions take.</param>
internal sealed class RoutedAnswer(
    string model, ServingPlan plan, IReadOnlyDictionary<int, ServedVersion> versions, AgreementLedger ledger, int mostCompared, TimeProvider time)
{
    private readonly RouteSlots _slots = RouteSlots.Of(plan.Segments);

    /// <summary>Assigns the rows.</summary>
    /// <param name="rows">Finite rows of as many columns as all versions have.</param>
    /// <param name="keys">One key a row, uint64 little-endian; empty: a row's key follows from its values.</param>
    /// <param name="parallel">Where slices run.</param>
    public Assignments Assign(RowBlock rows, ReadOnlySpan<byte> keys, IParallel parallel)
    {
        int[] answering = Answering(rows, MemoryMarshal.Cast<byte, ulong>(keys));
        StandIn(answering);
        var labels = new byte[rows.Rows * sizeof(int)];
        var distances = new byte[rows.Rows * sizeof(double)];
        Span<int> label = MemoryMarshal.Cast<byte, int>(labels.AsSpan());
        Span<double> distance = MemoryMarshal.Cast<byte, double>(distances.AsSpan());
        int[] present = [.. answering.Distinct().Order()];
        TimeSpan perRow = default;
        foreach (int version in present)
        {
            int[] mine = Rows(answering, answering.Length, owner => owner == version);
            long started = time.GetTimestamp();
            (int[] found, double[] far) = Compute(version, rows, mine, parallel);
            if (version == plan.Canary)
                perRow = time.GetElapsedTime(started) / mine.Length;
            for (int i = 0; i < mine.Length; i++)
                (label[mine[i]], distance[mine[i]]) = (found[i], far[i]);
        }

        if (plan.Champion > 0)
            Compare(rows, answering, label[..Math.Min(rows.Rows, mostCompared)], distance, perRow, parallel);
        bool one = present.Length <= 1;
        return new Assignments
        {
            Version = one ? present.FirstOrDefault(plan.Champion) : 0,
            Versions = one ? default : MemoryMarshal.AsBytes<int>(answering).ToArray(),
            Labels = labels,
            Distances = distances,
        };
    }

    /// <summary>Compares the champion with whoever answered instead of it, and with the shadows.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="answering">The version that answers each.</param>
    /// <param name="labels">The labels answered, of the rows that are compared: the first ones.</param>
    /// <param name="distances">The distances answered, of all rows.</param>
    /// <param name="perRow">How long the canary took for one of its rows.</param>
    /// <param name="parallel">Where slices run.</param>
    private void Compare(
        RowBlock rows, int[] answering, ReadOnlySpan<int> labels, ReadOnlySpan<double> distances, TimeSpan perRow, IParallel parallel)
    {
        // Where the champion answered, its labels are known already.
        int[] others = Rows(answering, labels.Length, owner => owner != plan.Champion);
        long started = time.GetTimestamp();
        (int[] missing, double[] far) = Compute(plan.Champion, rows, others, parallel);
        TimeSpan took = time.GetElapsedTime(started);
        int[] champion = labels.ToArray();
        for (int i = 0; i < others.Length; i++)
            champion[others[i]] = missing[i];
        foreach (int version in others.Select(row => answering[row]).Distinct())
        {
            int[] mine = Rows(answering, labels.Length, owner => owner == version);
            // Under a canary nobody but it answers beside the champion, so that the rows of both are the same.
            bool same = version == plan.Canary && mine.Length == others.Length;
            ComparedLosses? losses = same ? Losses(rows, mine, far, distances, parallel) : null;
            ComparedTimes times = same ? new(took, perRow * mine.Length) : default;
            ledger.Add(model, plan.Route, version, Some<int>(champion, mine), Some(labels, mine), losses, times);
        }

        foreach (int shadow in plan.Shadows)
        {
            if (versions.ContainsKey(shadow))
                ledger.Add(model, plan.Route, shadow, champion, Compute(shadow, rows, [.. Enumerable.Range(0, labels.Length)], parallel).Labels);
            else
                ledger.AddErrors(model, plan.Route, shadow, labels.Length);
        }
    }

    /// <summary>What the canary's rows cost under the champion and under it; null: they are counted in different units.</summary>
    private ComparedLosses? Losses(RowBlock rows, int[] mine, double[] championDistances, ReadOnlySpan<double> distances, IParallel parallel)
    {
        (PreparedModel champion, PreparedModel canary) = (versions[plan.Champion].Model, versions[plan.Canary].Model);
        if (champion is IDensities one && canary is IDensities other)
        {
            RowBlock block = Gather(rows, mine);
            return new ComparedLosses(LossUnits.Nats, Losses(one, block, parallel), Losses(other, block, parallel))
            {
                ChampionFlags = -one.Threshold,
                Flags = -other.Threshold,
            };
        }

        return champion is IDensities || canary is IDensities
            ? null
            : new ComparedLosses(LossUnits.SquaredDistance, Squares(championDistances), Squares(Some(distances, mine)));
    }

    /// <summary>−ln p(x) of each row.</summary>
    private static double[] Losses(IDensities model, RowBlock rows, IParallel parallel)
    {
        var losses = new double[rows.Rows];
        model.Score(rows, 1, losses, new int[rows.Rows], new double[rows.Rows], parallel);
        for (int i = 0; i < losses.Length; i++)
            losses[i] = -losses[i];
        return losses;
    }

    private static double[] Squares(double[] distances) => [.. distances.Select(distance => distance * distance)];

    /// <summary>The version that answers each row.</summary>
    private int[] Answering(RowBlock rows, ReadOnlySpan<ulong> keys)
    {
        var answering = new int[rows.Rows];
        if (_slots.Segments.Length == 1)
        {
            Array.Fill(answering, _slots.Segments[0].Version);
            return answering;
        }

        ulong salt = RowKeys.Of(model);
        var row = new double[rows.Columns];
        for (int i = 0; i < answering.Length; i++)
        {
            ulong key;
            if (keys.IsEmpty)
            {
                rows.CopyRow(i, row);
                key = RowKeys.Of(row);
            }
            else
            {
                key = keys[i];
            }

            answering[i] = _slots.VersionOf(RowKeys.Slot(salt, key));
        }

        return answering;
    }

    /// <summary>Gives the champion the rows of a canary that cannot answer.</summary>
    private void StandIn(int[] answering)
    {
        if (plan.Canary == 0 || versions.ContainsKey(plan.Canary))
            return;
        int failed = 0;
        foreach (ref int version in answering.AsSpan())
        {
            if (version != plan.Canary)
                continue;
            version = plan.Champion;
            failed++;
        }

        ledger.AddErrors(model, plan.Route, plan.Canary, failed);
    }

    /// <summary>Stable labels and distances of some rows by a version.</summary>
    private (int[] Labels, double[] Distances) Compute(int version, RowBlock rows, int[] some, IParallel parallel)
    {
        (int[] labels, double[] distances) = (new int[some.Length], new double[some.Length]);
        if (some.Length == 0)
            return (labels, distances);
        ServedVersion served = versions[version];
        try
        {
            served.Labelling.Answer(some.Length == rows.Rows ? rows : Gather(rows, some), labels, distances, parallel);
        }
        catch (ClusteringException refused) when (refused is { Row: { } row, Column: { } column, Problem: { } problem })
        {
            throw new ClusteringException(some[row], column, problem);
        }

        served.Labels.Apply(labels);
        return (labels, distances);
    }

    /// <summary>Rows before a row, of some owners.</summary>
    private static int[] Rows(int[] answering, int before, Func<int, bool> wanted) => [.. Enumerable.Range(0, before).Where(row => wanted(answering[row]))];

    private static T[] Some<T>(ReadOnlySpan<T> values, int[] rows)
    {
        var some = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            some[i] = values[rows[i]];
        return some;
    }

    private static RowBlock Gather(RowBlock rows, int[] some) => rows.Precision == Precision.Float32
        ? new RowBlock(Gather(rows.Float32.Span, rows.Columns, some), rows.Columns)
        : new RowBlock(Gather(rows.Float64.Span, rows.Columns, some), rows.Columns);

    private static T[] Gather<T>(ReadOnlySpan<T> values, int columns, int[] some)
    {
        var gathered = new T[some.Length * columns];
        for (int i = 0; i < some.Length; i++)
            values.Slice(some[i] * columns, columns).CopyTo(gathered.AsSpan(i * columns));
        return gathered;
    }
}

/// <summary>A version, ready to answer with stable labels.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Model">What can be asked of it.</param>
/// <param name="Labelling">The same model: it labels.</param>
/// <param name="Labels">The stable ids of its places.</param>
/// <param name="Preparation">What is done to rows first; null: nothing.</param>
internal sealed record ServedVersion(int Version, PreparedModel Model, ILabels Labelling, LabelMap Labels, FittedPreparation? Preparation);
