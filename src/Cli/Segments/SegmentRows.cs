using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>Columns of a file of outcomes.</summary>
/// <param name="Truth">What was true; null: another file tells it.</param>
/// <param name="Prediction">What was said.</param>
/// <param name="Score">Scores, greater for yes; null: there are none.</param>
/// <param name="Time">When it was; null: nobody asks.</param>
/// <param name="By">What rows are cut into segments by.</param>
internal sealed record OutcomeColumns(string? Truth, string Prediction, string? Score, string? Time, string[] By)
{
    /// <summary>All that are there, in this order.</summary>
    public string[] All => [.. new[] { Truth, Prediction, Score, Time }.OfType<string>(), .. By];
}

/// <summary>Rows with what was said of them and what was true, and the values that they are cut into segments by.</summary>
internal sealed class SegmentRows
{
    /// <summary>What the segments of a model's clusters are called by.</summary>
    public const string Cluster = "cluster";

    private const int MostValues = 100;

    private readonly string _name;
    private readonly ClusterNames? _clusters;
    private readonly string[] _by;
    private readonly List<int>[] _values;
    private readonly Dictionary<string, int>[] _texts;

    /// <param name="name">What messages call the rows.</param>
    /// <param name="by">The columns that they are cut by.</param>
    /// <param name="clusters">Names of the clusters that they are cut by as well; null: they are not.</param>
    public SegmentRows(string name, string[] by, ClusterNames? clusters)
    {
        (_name, _clusters) = (name, clusters);
        _by = clusters is null ? by : [.. by, Cluster];
        if (_by.GroupBy(one => one, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw CommandException.Usage($"Rows would be cut by '{twice.Key}' twice: name it once.");
        _values = [.. _by.Select(_ => new List<int>())];
        _texts = [.. _by.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
    }

    public List<string> Truths { get; } = [];

    public List<string> Said { get; } = [];

    public List<double> TrueNumbers { get; } = [];

    public List<double> SaidNumbers { get; } = [];

    /// <summary>Empty: there are none.</summary>
    public List<double> Scores { get; } = [];

    /// <summary>Whether it is not known yet what is true of a row; its truth is empty then.</summary>
    public List<bool> Waiting { get; } = [];

    /// <summary>Seconds since 1970; empty: nobody asked.</summary>
    public List<double> Times { get; } = [];

    /// <summary>Whether truth and prediction are both numbers.</summary>
    public bool AreNumbers { get; set; }

    public int Count => Said.Count;

    /// <summary>What became of joining; null: nothing was joined.</summary>
    public JoinedLabels? Labels { get; set; }

    /// <summary>What rows are cut by.</summary>
    public SegmentColumn[] By => [.. _by.Select((name, column) => new SegmentColumn(name, _values[column], [.. _texts[column].Keys]))];

    /// <summary>Adds what a row is cut by.</summary>
    /// <param name="values">Texts of the columns.</param>
    /// <param name="cluster">Stable id of its cluster, where a model was asked.</param>
    /// <exception cref="CommandException">A column has too many values.</exception>
    public void Cut(IEnumerable<string> values, int? cluster)
    {
        IEnumerable<string> all = cluster is { } one ? values.Append(_clusters!.IdOf(one)) : values;
        foreach ((int column, string text) in all.Index())
        {
            Dictionary<string, int> known = _texts[column];
            if (!known.TryGetValue(text, out int place))
            {
                // Clusters are as many as the model has.
                if (known.Count == MostValues && !(cluster is not null && column == _by.Length - 1))
                    throw CommandException.Usage(
                        $"{_name}: column '{_by[column]}' has more than {MostValues} values, too many for segments: cut it into a few first.");
                known[text] = place = known.Count;
            }

            _values[column].Add(place);
        }
    }
}

/// <summary>What a cell of a column says.</summary>
internal static class OutcomeCells
{
    /// <summary>Whether there is no value.</summary>
    public static bool IsMissing(Array column, int row) => column is string[] texts ? texts[row].Length == 0 : double.IsNaN(Number(column, row));

    /// <summary>The number of a cell; NaN of a text.</summary>
    public static double Number(Array column, int row) => column switch { double[] numbers => numbers[row], float[] numbers => numbers[row], _ => double.NaN };

    /// <param name="type">What the column holds.</param>
    /// <param name="column">The column.</param>
    /// <param name="row">The row.</param>
    /// <param name="mixed">Whether 1 and 0 beside yes and no mean the same.</param>
    public static string Text(Type type, Array column, int row, bool mixed = false) => IsMissing(column, row) ? "missing"
        : column is string[] texts ? texts[row] : Text(type, Number(column, row), mixed);

    private static string Text(Type type, double value, bool mixed) => type switch
    {
        _ when type == typeof(bool) || (mixed && value is 0 or 1) => value == 1 ? "yes" : "no",
        _ when type == typeof(DateTime) => DateTimeOffset.FromUnixTimeMilliseconds((long)(value * 1000)).UtcDateTime
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
