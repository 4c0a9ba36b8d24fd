using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>What families share in reading what was asked for.</summary>
public static class Asked
{
    /// <summary>2^−480: the square of a 2^30th of it is the least that float64 holds with all its digits.</summary>
    private const double LeastHalfRange = 3.2e-145;

    /// <summary>Given rows as values.</summary>
    /// <param name="bytes">float64, little-endian.</param>
    /// <param name="what">What they are, for the message: <c>centroids</c>.</param>
    /// <exception cref="ClusteringException">The bytes are not whole values.</exception>
    public static ReadOnlyMemory<double> Decode(ReadOnlyMemory<byte> bytes, string what) => bytes.Length % sizeof(double) == 0
        ? MemoryMarshal.Cast<byte, double>(bytes.Span).ToArray()
        : throw new ClusteringException($"The initial {what} have {bytes.Length} bytes, which are not whole float64 values.");

    /// <summary>Refuses more clusters than there are rows.</summary>
    /// <exception cref="ClusteringException">There are more.</exception>
    public static void CheckK(int k, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (k > manifest.Rows)
            throw new ClusteringException($"k is {k}, but the dataset has only {manifest.Rows} {(manifest.Rows == 1 ? "row" : "rows")}: ask for at most as "
                + "many clusters as rows.");
    }

    /// <summary>Refuses rows of which none has a weight that counts.</summary>
    /// <exception cref="ClusteringException">None has.</exception>
    public static void CheckWeights(DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        try
        {
            RowWeights.Check(manifest.Schema.WeightColumn, manifest.WeightMaximum);
        }
        catch (DataFormatException e)
        {
            throw new ClusteringException(e.Message);
        }
    }

    /// <summary>Refuses rows so near to each other that float64 cannot hold the squares of their distances: all of them would pass for one.</summary>
    /// <param name="manifest">The rows.</param>
    /// <param name="each">Whether each column must be wide enough, and not only the widest.</param>
    /// <exception cref="ClusteringException">They are.</exception>
    public static void CheckWidth(DatasetManifest manifest, bool each)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        double[] halves = [.. manifest.Columns.Select(column => (column.Maximum / 2) - (column.Minimum / 2))];
        double widest = halves.Max();
        int narrow = Array.FindIndex(halves, half => half > 0 && half < LeastHalfRange && (each || half == widest));
        if (narrow < 0)
            return;
        ColumnSummary range = manifest.Columns[narrow];
        throw new ClusteringException(string.Create(
            CultureInfo.InvariantCulture,
            $"Column '{manifest.Schema.Columns[narrow]}' (position {narrow} from 0) reaches from {range.Minimum:R} to {range.Maximum:R}, "
                + $"too little for squared distances: multiply it by a constant."));
    }

    /// <summary>The numbers of clusters to try.</summary>
    /// <exception cref="ClusteringException">They are no numbers, or too many.</exception>
    public static IReadOnlyList<int> Numbers(ITrainingOptions options) =>
        options.Listed() is { } listed ? listed : ClusterNumbers.Range(options.K, options.LargestK);

    /// <summary>What the rows' weights mean.</summary>
    /// <exception cref="ClusteringException">It is no meaning.</exception>
    public static WeightMeaning Weights(ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Weights switch
        {
            null or "" => WeightMeaning.Either,
            "count" => WeightMeaning.Count,
            "relative" => WeightMeaning.Relative,
            _ => throw new ClusteringException($"weights is '{options.Weights}': it must be count or relative."),
        };
    }

    /// <summary>Makes a trainer of options that the numerics check.</summary>
    /// <param name="create">Makes it.</param>
    /// <param name="manifest">The rows, whose columns are named where they are at fault.</param>
    /// <exception cref="ClusteringException">The options are wrong, or do not fit the rows.</exception>
    public static ITrainer Checked(Func<ITrainer> create, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(manifest);
        try
        {
            return create();
        }
        catch (ArgumentException e)
        {
            throw new ClusteringException(PlainMessage(e));
        }
        catch (TrainingException e)
        {
            throw Failures.Translate(e, manifest.Schema.Columns);
        }
    }

    /// <summary>The message without the parameter's name that the runtime appends.</summary>
    private static string PlainMessage(ArgumentException e)
    {
        int appended = e.ParamName is null ? -1 : e.Message.LastIndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        return appended < 0 ? e.Message : e.Message[..appended];
    }
}
