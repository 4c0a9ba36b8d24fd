using System.Globalization;
using OrleansCluster.Datasets;
using OrleansCluster.Families;

namespace OrleansCluster.Training;

/// <summary>Rows of a training and where it runs, as a plan asks for them.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Columns">As the model sees them.</param>
/// <param name="ValueBytes">Bytes of a value, 4 or 8.</param>
/// <param name="Silos">Silos that compute.</param>
/// <param name="Threads">Threads of each.</param>
public sealed record PlannedRows(long Rows, int Columns, int ValueBytes, int Silos, int Threads)
{
    /// <summary>Values that sparse rows have together; null: they are dense.</summary>
    public long? Entries { get; init; }

    /// <summary>Shards that the rows lie in.</summary>
    public long Shards => (Rows + ShardFormat.RowsPerShard - 1) / ShardFormat.RowsPerShard;

    /// <summary>Shards of the silo that has most.</summary>
    public long ShardsOfSilo => (Shards + Silos - 1) / Silos;

    /// <summary>Rows of the silo that has most.</summary>
    public long RowsOfSilo => Math.Min(Rows, ShardsOfSilo * ShardFormat.RowsPerShard);

    /// <summary>Bytes of the values of a row; of sparse ones on average, with their columns and where they begin.</summary>
    public double BytesOfRow => Entries is { } entries ? sizeof(uint) + ((double)entries / Rows * (sizeof(uint) + ValueBytes)) : (double)Columns * ValueBytes;

    /// <summary>What a family needs for such rows; null: it does not say.</summary>
    internal TrainingNeeds? Needs(IFamily family, ITrainingOptions options, int k) =>
        Entries is { } entries ? family.SparseNeeds(options, k, Columns, (double)entries / Rows) : family.Needs(options, k, Columns);
}

/// <summary>
/// What a training will take: memory of each silo, messages, passes over the rows, time. Memory is what the process takes before and at most what the training
/// keeps and uses; time is an estimate, from a stated rate, of iterations that spare nothing, which later ones do.
/// </summary>
public sealed class TrainingPlan
{
    /// <summary>What a process takes before it has any rows.</summary>
    private const double ProcessBytes = 96 << 20;

    /// <summary>A training that needs less than one of so many parts of the memory is never refused.</summary>
    private const int LittleShare = 4;

    /// <summary>Passes of every training: over all values at the beginning, and two over what came of it.</summary>
    private const int CommonPasses = 3;

    /// <summary>Copies of a step: as it travels, as it is read, as kernels want it, and in a checkpoint.</summary>
    private const int StepCopies = 4;

    private readonly IFamily _family;
    private readonly ITrainingOptions _options;
    private readonly TrainingNeeds _needs;

    private TrainingPlan(IFamily family, ITrainingOptions options, TrainingNeeds needs, PlannedRows rows, int fanIn, int starts)
    {
        (_family, _options, _needs, Rows, Clusters, Starts) = (family, options, needs, rows, Math.Max(options.K, options.LargestK), starts);
        for (long nodes = rows.Shards; nodes > 1; Messages += nodes)
            nodes = (nodes + fanIn - 1) / fanIn;
        Messages = 2 * (Math.Max(Messages, 1) + rows.Shards);
    }

    /// <summary>The rows, and where the training runs.</summary>
    public PlannedRows Rows { get; }

    /// <summary>Clusters, or the most that are tried.</summary>
    public int Clusters { get; }

    /// <summary>Bytes of the rows' values that each silo maps: they give way to anything else.</summary>
    public long MappedBytes => (long)(Rows.RowsOfSilo * Rows.BytesOfRow);

    /// <summary>Bytes that a silo keeps for its rows.</summary>
    public long RowBytes => (long)((Rows.RowsOfSilo * _needs.RowBytes) + (Rows.ShardsOfSilo * _needs.ShardBytes));

    /// <summary>Bytes of scratch a thread.</summary>
    public long ThreadBytes => (long)_needs.ThreadBytes;

    /// <summary>Bytes that a silo takes, besides the rows that it maps.</summary>
    public long SiloBytes => (long)(ProcessBytes + RowBytes + FixedBytes(_needs));

    /// <summary>Messages of an iteration: steps and their answers.</summary>
    public long Messages { get; }

    /// <summary>Bytes of an iteration that go from silo to silo.</summary>
    public long MessageBytes => (long)((Rows.Silos - 1) * (_needs.StepBytes + _needs.StatisticBytes));

    /// <summary>Starts of the whole job.</summary>
    public int Starts { get; }

    /// <summary>Passes over the rows if every start takes as many iterations as it may.</summary>
    public long MostPasses => CommonPasses + ((long)Starts * (_needs.StartPasses + _options.MaxIterations));

    /// <summary>Seconds of an iteration that spares nothing.</summary>
    public double IterationSeconds => ((Rows.RowsOfSilo * _needs.RowWork / Rows.Threads) + _needs.StepWork) / _needs.Rate;

    /// <summary>Seconds if every start takes as many iterations as it may.</summary>
    public double MostSeconds => MostPasses * IterationSeconds;

    /// <summary>Multiply-adds a second and thread that the estimate is made with.</summary>
    public double Rate => _needs.Rate;

    /// <summary>Bytes of memory that this process may take: by its own limit, its container's or the machine's.</summary>
    public static long Limit => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The plan of a training; null: the family says nothing of what it needs.</summary>
    /// <param name="family">The family of the options.</param>
    /// <param name="options">What is asked for, checked.</param>
    /// <param name="rows">Which rows, and where.</param>
    /// <param name="fanIn">Children of a node of the reduction tree.</param>
    /// <param name="starts">Starts of the whole job; null: as many as the options say.</param>
    public static TrainingPlan? Of(IFamily family, ITrainingOptions options, PlannedRows rows, int fanIn = 16, int? starts = null)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Needs(family, options, Math.Max(options.K, options.LargestK)) is { } needs
            ? new TrainingPlan(family, options, needs, rows, fanIn, starts ?? options.Starts()) : null;
    }

    /// <summary>Why the training does not fit, with the numbers and what would; null: it does.</summary>
    /// <param name="limit">Bytes that each silo may take.</param>
    public string? Refusal(long limit)
    {
        // What is little beside the limit is tried: what the process takes by itself is not known well enough to refuse for it.
        if (SiloBytes <= limit || SiloBytes - ProcessBytes < limit / LittleShare)
            return null;
        string what = $"The training needs about {Show(SiloBytes)} of memory{(Rows.Silos > 1 ? " on each silo" : "")} besides the rows that it maps "
            + $"({Show(RowBytes)} kept for {Count(Rows.RowsOfSilo)} rows, {Show(ThreadBytes)} for each of {Count(Rows.Threads)} "
            + $"thread{(Rows.Threads == 1 ? "" : "s")}, {Show((long)_needs.StatisticBytes)} for what a shard answers), and {Show(limit)} may be taken.";
        var fitting = new List<string>();
        if (FittingClusters(limit) is > 0 and var clusters)
            fitting.Add($"at most {Count(clusters)} cluster{(clusters == 1 ? "" : "s")}");
        if (FittingSilos(limit) is { } silos)
            fitting.Add($"{Count(silos)} silos");
        return fitting.Count == 0 ? $"{what} Give the process more memory, or train on fewer columns."
            : $"{what} It would fit with {string.Join(", or on ", fitting)}.";
    }

    /// <summary>The largest number of clusters that fits; 0: none does.</summary>
    private int FittingClusters(long limit)
    {
        int fits = 0;
        for (int tooMany = Clusters; tooMany - fits > 1;)
        {
            int middle = fits + ((tooMany - fits) / 2);
            TrainingNeeds needs = Rows.Needs(_family, _options, middle)!;
            double bytes = ProcessBytes + (Rows.RowsOfSilo * needs.RowBytes) + (Rows.ShardsOfSilo * needs.ShardBytes) + FixedBytes(needs);
            if (bytes <= limit)
                fits = middle;
            else
                tooMany = middle;
        }

        return fits;
    }

    /// <summary>How many silos would do; null: no number does.</summary>
    private long? FittingSilos(long limit)
    {
        double left = limit - ProcessBytes - FixedBytes(_needs), shard = (ShardFormat.RowsPerShard * _needs.RowBytes) + _needs.ShardBytes;
        long shards = (long)(left / shard);
        return left <= 0 || shards < 1 ? null : (Rows.Shards + shards - 1) / shards;
    }

    /// <summary>What does not depend on how many rows a silo has: steps, and statistics on their way up the tree.</summary>
    private double FixedBytes(TrainingNeeds needs)
    {
        double statistics = Rows.Threads + Math.Ceiling(Math.Log2(Math.Max(Rows.Shards, 2))) + 1;
        return needs.SharedBytes + (Rows.Threads * needs.ThreadBytes) + (StepCopies * needs.StepBytes) + (statistics * needs.StatisticBytes);
    }

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Show(long bytes) => bytes >= 1L << 30 ? (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB"
        : (bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MB";
}
