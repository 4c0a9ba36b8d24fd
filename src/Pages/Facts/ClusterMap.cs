using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Algebra;
using OrleansCluster.Training;

namespace OrleansCluster.Pages.Facts;

/// <summary>A version's clusters in the units of the table: where they are, what tells them apart, and some rows between them.</summary>
public sealed class ClusterMap
{
    private readonly double[] _centres;
    private readonly double[] _scores;
    private readonly double[] _means;
    private readonly double[] _deviations;
    private readonly double[] _sizes;
    private readonly Lazy<(Direction Across, Direction Up)> _plane;
    private SampledRows? _sample;
    private int[] _places = [];

    /// <param name="spread">Mean and standard deviation of the rows in a column; null: nobody knows them.</param>
    private ClusterMap(
        ImmutableArray<string> columns, ImmutableArray<int> labels, double[] centres, double[] sizes, Func<int, (double Mean, double Deviation)?> spread)
    {
        (Columns, Labels, _centres, _sizes) = (columns, labels, centres, sizes);
        int d = columns.Length;
        (_means, _deviations, _scores) = (new double[d], new double[d], new double[centres.Length]);
        for (int j = 0; j < d; j++)
        {
            // Where nobody looked at the rows, centres alone say what is usual.
            (_means[j], _deviations[j]) = spread(j) ?? OfCentres(j);
            for (int i = 0; i < labels.Length; i++)
                _scores[(i * d) + j] = _deviations[j] > 0 ? (Centre(i, j) - _means[j]) / _deviations[j] : 0;
        }

        double[] separations = [.. Enumerable.Range(0, d).Select(Separation)];
        ByColumn = [.. Enumerable.Range(0, d).OrderByDescending(j => separations[j]).ThenBy(j => j)];
        _plane = new Lazy<(Direction, Direction)>(() => d switch
        {
            0 => (Direction.None, Direction.None),
            1 => (Direction.Of(0, columns), Direction.None),
            2 => (Direction.Of(0, columns), Direction.Of(1, columns)),
            _ => Directions(),
        });
    }

    /// <summary>The columns that centres are told in.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>Stable ids, in the order of the report's clusters.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>Places of the columns: what tells clusters apart most comes first.</summary>
    public ImmutableArray<int> ByColumn { get; }

    /// <summary>Places of the clusters, the largest first.</summary>
    public ImmutableArray<int> BySize =>
        [.. Enumerable.Range(0, Labels.Length).OrderByDescending(i => _sizes[i]).ThenBy(i => Labels[i])];

    /// <summary>What is drawn across: of two columns the first, of more the direction that tells clusters apart most.</summary>
    internal Direction Across => _plane.Value.Across;

    /// <summary>What is drawn upwards.</summary>
    internal Direction Up => _plane.Value.Up;

    /// <summary>Some training rows on that plane; empty: they are gone, or not to be shown.</summary>
    internal ImmutableArray<Pictures.ScatterPoint> Rows { get; private set; } = [];

    /// <summary>Rows that these were taken of.</summary>
    public long RowsOf { get; private set; }

    /// <summary>A coordinate of a centre.</summary>
    /// <param name="cluster">Its place in <see cref="Labels"/>.</param>
    /// <param name="column">Its place in <see cref="Columns"/>.</param>
    public double Centre(int cluster, int column) => _centres[(cluster * Columns.Length) + column];

    /// <summary>A value of one of <see cref="Rows"/>.</summary>
    /// <param name="row">Its place in <see cref="Rows"/>.</param>
    /// <param name="column">Its place in <see cref="Columns"/>.</param>
    internal double RowValue(int row, int column) => _sample!.Value(row, _places[column]);

    /// <summary>How far it is from the mean of the rows, in their standard deviations.</summary>
    public double Score(int cluster, int column) => _scores[(cluster * Columns.Length) + column];

    /// <summary>The centres on the plane.</summary>
    internal IEnumerable<Pictures.ScatterPoint> Centres() => Enumerable.Range(0, Labels.Length)
        .Select(i => new Pictures.ScatterPoint(Across.Of(j => Along(Centre(i, j), j)), Up.Of(j => Along(Centre(i, j), j)), Labels[i]));

    /// <summary>Looks a version's clusters up.</summary>
    /// <param name="rows">Whether some of its training rows are shown, too.</param>
    /// <returns>Null: its parameters were pruned.</returns>
    public static async Task<ClusterMap?> LoadAsync(IClusteringClient client, ModelVersion version, bool rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(version);
        if (version.Pruned is not null
            || await client.Models.ParametersAsync(version.Name, version.Version, cancellation).ConfigureAwait(false) is not { } parameters)
            return null;
        TrainingReport report = version.Training;
        bool prepared = !parameters.Originals.IsEmpty;
        ImmutableArray<string> columns = prepared ? parameters.OriginalColumns : parameters.Columns;
        double[] centres = MemoryMarshal.Cast<byte, double>((prepared ? parameters.Originals : parameters.Centroids).Span).ToArray();
        ImmutableArray<int> labels = parameters.Labels.IsDefaultOrEmpty ? [.. Enumerable.Range(0, parameters.K)] : parameters.Labels;
        var sizes = report.Clusters.ToDictionary(cluster => cluster.Label, cluster => (double)cluster.Size);
        ProfileDocument? profile = await ModelFacts.ProfileAsync(client, version, cancellation).ConfigureAwait(false);
        // What is prepared is profiled as it is prepared: in the table's own units the rows themselves say what is usual.
        SampledRows? sample = rows || prepared ? await SampledRows.LoadAsync(client, version, cancellation).ConfigureAwait(false) : null;
        int[] places = sample is null ? [] : [.. columns.Select(column => sample.Columns.IndexOf(column))];
        var map = new ClusterMap(columns, labels, centres, [.. labels.Select(label => sizes.GetValueOrDefault(label))], Spread);
        if (rows && sample is not null && places.All(place => place >= 0))
        {
            (map._sample, map._places, map.RowsOf) = (sample, places, sample.Of);
            map.Rows =
            [
                .. Enumerable.Range(0, sample.Labels.Length).Select(row => new Pictures.ScatterPoint(
                    map.Across.Of(j => map.Along(sample.Value(row, places[j]), j)), map.Up.Of(j => map.Along(sample.Value(row, places[j]), j)),
                    sample.Labels[row])),
            ];
        }

        return map;

        (double Mean, double Deviation)? Spread(int column) => prepared
            ? sample is not null && places[column] >= 0 ? sample.Spread(places[column]) : null
            : profile?.Columns.FirstOrDefault(one => one.Name == columns[column]) is { StandardDeviation: > 0 } known
            ? (known.Mean, known.StandardDeviation) : null;
    }

    /// <summary>Of two columns or fewer values are told as they are; of more, from their mean on in standard deviations.</summary>
    private double Along(double value, int column) =>
        Columns.Length <= 2 ? value : _deviations[column] > 0 ? (value - _means[column]) / _deviations[column] : 0;

    private (double Mean, double Deviation) OfCentres(int column)
    {
        double whole = Math.Max(1, _sizes.Sum()), mean = 0, square = 0;
        for (int i = 0; i < _sizes.Length; i++)
            mean += _sizes[i] * Centre(i, column) / whole;
        for (int i = 0; i < _sizes.Length; i++)
            square += _sizes[i] * (Centre(i, column) - mean) * (Centre(i, column) - mean) / whole;
        return (mean, Math.Sqrt(square));
    }

    private double Separation(int column)
    {
        double sum = 0;
        for (int i = 0; i < _sizes.Length; i++)
            sum += _sizes[i] * Score(i, column) * Score(i, column);
        return sum;
    }

    /// <summary>The two directions along which centres differ most, in standard deviations and by their rows.</summary>
    private (Direction Across, Direction Up) Directions()
    {
        (double[] first, double[] second) = LeadingDirections.Find(_scores, _sizes, ByColumn.AsSpan());
        return (Direction.Of(first, Columns), Direction.Of(second, Columns));
    }
}

/// <summary>A weighted sum of columns.</summary>
/// <param name="Name">For people.</param>
/// <param name="Weights">By place of the column; others weigh nothing.</param>
internal sealed record Direction(string Name, ImmutableArray<(int Column, double Weight)> Weights)
{
    private const int MostNamed = 3;

    public static Direction None { get; } = new("", []);

    public static Direction Of(int column, ImmutableArray<string> columns) => new(columns[column], [(column, 1)]);

    public static Direction Of(double[] weights, ImmutableArray<string> columns)
    {
        ImmutableArray<(int Column, double Weight)> parts = [.. weights.Select((weight, j) => (j, weight)).Where(part => Math.Abs(part.weight) > 1e-9)];
        (int Column, double Weight)[] named = [.. parts.OrderByDescending(part => Math.Abs(part.Weight)).ThenBy(part => part.Column).Take(MostNamed)];
        string name = string.Join(' ', named.Select((part, i) =>
            $"{(part.Weight < 0 ? "− " : i == 0 ? "" : "+ ")}{Words.Tell.Real(Math.Abs(part.Weight), 2)} {Short(columns[part.Column])}"));
        return new Direction(parts.Length > named.Length ? name + " …" : name, parts);
    }

    public double Of(Func<int, double> value) => Weights.IsEmpty ? 0 : Weights.Sum(part => part.Weight * value(part.Column));

    private static string Short(string name) => name.Length > 18 ? name[..17] + "…" : name;
}
