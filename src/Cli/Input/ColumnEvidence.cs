using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Cli.Input;

/// <summary>What the values of a column are like.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">What it is taken for.</param>
internal sealed class ColumnEvidence(string name, ColumnType type)
{
    private const int MostDifferent = 10_000, MostExamples = 3, LongestExample = 24;

    /// <summary>Fewer rows may all differ by chance.</summary>
    private const int LeastIds = 20;

    private readonly HashSet<double> _different = [];
    private readonly List<double> _examples = [];
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;
    private double _last = double.NaN;
    private long _values;
    private bool _counts = true;

    public string Name => name;

    public ColumnType Type => type;

    public string TypeName => RowColumn.NameOf(type);

    /// <summary>Rows without a value.</summary>
    public long Missing { get; private set; }

    /// <summary>The texts of a category, once all rows are read.</summary>
    public IReadOnlyList<string> Categories { get; set; } = [];

    /// <summary>Least value; 0: there is none.</summary>
    public double Least => _least <= _greatest ? _least : 0;

    /// <summary>Greatest value; 0: there is none.</summary>
    public double Greatest => _least <= _greatest ? _greatest : 0;

    /// <summary>How many different values there are, for people.</summary>
    public string Different => _different.Count > MostDifferent ? $"> {Numbers.Count(MostDifferent)}" : Numbers.Count(_different.Count);

    public string Range => _least > _greatest || type == ColumnType.Category ? "" : $"{Show(_least)} … {Show(_greatest)}";

    public string Examples => string.Join(", ", _examples.Select(Show));

    /// <summary>Whether every row has another text, or the number that follows the last row's: ids, which say nothing of what a row is like.</summary>
    public bool MayBeId => Missing == 0 && _values >= LeastIds
        && (type == ColumnType.Category ? Categories.Count == _values : type == ColumnType.Number && _counts);

    /// <summary>What would become of it without a preparation.</summary>
    public string Fate => type is ColumnType.Category or ColumnType.Time ? "left out" : Missing > 0 ? "refused" : "used";

    public void Add(double value)
    {
        if (double.IsNaN(value))
        {
            Missing++;
            return;
        }

        (_least, _greatest) = (Math.Min(_least, value), Math.Max(_greatest, value));
        _counts &= _values++ == 0 ? value == Math.Floor(value) : value == _last + 1;
        _last = value;
        if (_different.Count <= MostDifferent && _different.Add(value) && _examples.Count < MostExamples)
            _examples.Add(value);
    }

    /// <summary>Takes the rows in that had no value so far, as zeros.</summary>
    /// <param name="rows">All rows.</param>
    public void AddZeros(long rows)
    {
        if (_values == rows)
            return;
        Add(0);
        (_values, _counts) = (rows, false);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("type", TypeName);
        json.WriteNumber("missing", Missing);
        json.WriteNumber("different", _different.Count);
        json.WriteBoolean("different_is_least", _different.Count > MostDifferent);
        if (type != ColumnType.Category && _least <= _greatest)
        {
            json.WriteReal("minimum", _least);
            json.WriteReal("maximum", _greatest);
        }

        json.WriteStrings("examples", _examples.Select(Show));
        json.WriteString("unless_prepared", Fate);
        json.WriteBoolean("may_be_id", MayBeId);
        json.WriteEndObject();
    }

    private string Show(double value) => type switch
    {
        ColumnType.Category => CellText.CutEnd(Categories[(int)value], LongestExample),
        ColumnType.Boolean => value == 0 ? "no" : "yes",
        ColumnType.Time => ShownTime.Of(value),
        _ => value.ToString("G6", CultureInfo.InvariantCulture),
    };
}
