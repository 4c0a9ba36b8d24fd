using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Monitoring;

/// <summary>What a version's training rows looked like, as what observed rows are counted and compared by. Never changes.</summary>
internal sealed class ReferenceProfile
{
    /// <summary>Bins of a score: each holds about an equal share of the training rows.</summary>
    private const int ScoreBins = 64;

    /// <summary>A row is far from every cluster where this share of the training rows, or less, was.</summary>
    private const double FarShare = 0.01;

    /// <summary>Rows that are far are kept where they have no more columns than this, or the profile has all of them: else they are counted.</summary>
    private const int MostFarColumns = 4096;

    private ReferenceProfile(ProfileDocument profile, int[] labels, ImmutableArray<ColumnProfileDocument> columns)
    {
        LeftOut = profile.LeftOut;
        (Labels, Columns) = ([.. labels], [.. columns.Select(WithoutCounts)]);
        ScoreNames = [.. profile.Scores.Select(score => score.Name)];
        (ValueBins Bins, BinCounts Counts)[] told = [.. columns.Select(Told)], scores = [.. profile.Scores.Select(Told)];
        // Of a density what is least is far; a distance is all that other models tell.
        int far = Math.Max(ScoreNames.IndexOf("log_density"), ScoreNames.IndexOf("distance"));
        bool least = far >= 0 && ScoreNames[far] == "log_density";
        (double beyond, long count) = far < 0 ? (0, 0) : Tail(profile.Scores[far], least);
        Frame = new ObservationFrame([.. told.Select(one => one.Bins)], [.. scores.Select(one => one.Bins)], profile.Clusters.Length, far, beyond, least);
        Rows = ObservedRows.Of(profile.Rows, [.. told.Select(one => one.Counts)], [.. scores.Select(one => one.Counts)], profile.Clusters, count);
        if (ScoreNames.IndexOf("distance") is >= 0 and var distance)
            (Radius, Beyond) = (Median(profile.Scores[distance]), Tail(profile.Scores[distance], least: false).Beyond);
        SeenNames = [.. profile.Columns.Select(column => column.Name)];
        CentredProfileDocument[] centred = profile.Centred is { } known && known.Length == profile.Clusters.Length ? known : [];
        Fit = new FitReference(
            centred.Length == 0 ? [] : profile.Clusters, profile.Columns.Length,
            (cluster, column) => new FitMoments(
                profile.Clusters[cluster], centred[cluster].Offsets[column], centred[cluster].Deviations[column], centred[cluster].Skews[column]),
            [.. profile.Columns.Select(column => column.StandardDeviation)], Moments(profile.Loss), Moments(profile.Silhouette));
    }

    /// <summary>The columns that are compared: those of rows as they came.</summary>
    public ImmutableArray<ColumnProfileDocument> Columns { get; }

    /// <summary>How many columns of the model are not compared one by one.</summary>
    public int LeftOut { get; }

    /// <summary>Where the columns are among the model's; empty: they are all of them, or those before it prepares rows.</summary>
    public int[] Chosen { get; private init; } = [];

    /// <summary>Whether rows that are far from every cluster are kept, so that a new mode is seen.</summary>
    public bool KeepsFar => LeftOut == 0 || LeftOut + Columns.Length <= MostFarColumns;

    /// <summary>Names of the scores.</summary>
    public ImmutableArray<string> ScoreNames { get; }

    /// <summary>Stable ids of the clusters, in the order of the parameters.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>What rows are counted by.</summary>
    public ObservationFrame Frame { get; }

    /// <summary>The training rows.</summary>
    public ObservedRows Rows { get; }

    /// <summary>Median distance of a training row to the centre of its cluster; 0: nobody told.</summary>
    public double Radius { get; }

    /// <summary>The distance that hardly any training row is beyond.</summary>
    public double Beyond { get; }

    /// <summary>Names of the columns that the model sees.</summary>
    public ImmutableArray<string> SeenNames { get; }

    /// <summary>How the training rows lay in their clusters.</summary>
    public FitReference Fit { get; }

    /// <summary>The profile of a package.</summary>
    public static ReferenceProfile Of(PackageDocument package, ProfileDocument profile)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(profile);
        // Prepared columns are nothing that people know, and rows that come have none of them. Earlier builds profiled these alone.
        return new ReferenceProfile(profile, package.Labels, [.. profile.Inputs ?? (package.Preparation.Steps.Length == 0 ? profile.Columns : [])])
        {
            Chosen = profile.LeftOut == 0 ? [] : Places(package, profile),
        };
    }

    private static int[] Places(PackageDocument package, ProfileDocument profile)
    {
        var places = package.Schema.Columns.Index().ToDictionary(column => column.Item.Name, column => column.Index, StringComparer.Ordinal);
        return [.. profile.Columns.Select(column => places[column.Name])];
    }

    private static FitMoments Moments(MomentsDocument? told) =>
        told is null ? default : new FitMoments(told.Rows, told.Mean, told.StandardDeviation, told.Skew);

    /// <summary>The type of a column.</summary>
    public static string TypeOf(ColumnProfileDocument column) => column.Type ?? RowColumn.NameOf(ColumnType.Number);

    /// <summary>What is kept of a column beside its counts, which are kept already.</summary>
    private static ColumnProfileDocument WithoutCounts(ColumnProfileDocument column) =>
        new() { Name = column.Name, Type = column.Type, Categories = column.Categories };

    private static (ValueBins Bins, BinCounts Counts) Told(ColumnProfileDocument column) => (
        RowColumn.TypeOf(TypeOf(column)) is ColumnType.Category or ColumnType.Boolean
            ? ValueBins.Places(column.Counts.Length) : ValueBins.Even(column.Minimum, column.Maximum),
        BinCounts.Of(column.Counts, column.Others, column.Missing, column.Mean, column.StandardDeviation));

    private static (ValueBins Bins, BinCounts Counts) Told(ScoreProfileDocument score)
    {
        (List<double> edges, List<long> counts, long held, long all) = ([], [], 0, score.Counts.Sum());
        for (int i = 0; i < score.Edges.Length; i++)
        {
            held += score.Counts[i];
            if (held * ScoreBins < all && i + 1 < score.Edges.Length)
                continue;
            edges.Add(score.Edges[i]);
            counts.Add(held);
            held = 0;
        }

        return (ValueBins.UpTo([.. edges]), BinCounts.Of([.. counts], 0, 0, 0, 0));
    }

    /// <summary>Where the tail of a score begins that is rare among the training rows, and how many of them are in it.</summary>
    private static (double Beyond, long Rows) Tail(ScoreProfileDocument score, bool least)
    {
        (long all, long held) = (score.Counts.Sum(), 0);
        if (least)
        {
            double beyond = double.NegativeInfinity;
            for (int i = 0; i < score.Edges.Length && held + score.Counts[i] <= FarShare * all; i++)
                (held, beyond) = (held + score.Counts[i], score.Edges[i]);
            return (beyond, held);
        }

        int last = score.Edges.Length - 1;
        while (last > 0 && held + score.Counts[last] <= FarShare * all)
            held += score.Counts[last--];
        return (last < 0 ? double.PositiveInfinity : score.Edges[last], held);
    }

    private static double Median(ScoreProfileDocument score)
    {
        long left = score.Counts.Sum() / 2;
        for (int i = 0; i < score.Edges.Length; i++)
        {
            left -= score.Counts[i];
            if (left <= 0)
                return score.Edges[i];
        }

        return 0;
    }
}
