using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansCluster.Contracts;

namespace OrleansCluster.Datasets;

/// <summary>Reads lines that are JSON objects.</summary>
/// <param name="name">What messages call the table.</param>
internal sealed class JsonLine(string name)
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private int[] _seen = [];
    private int _row;

    /// <summary>Looks at a row to find columns and what they hold.</summary>
    public void Look(ReadOnlySpan<byte> record, long line, List<JsonTally> tallies)
    {
        try
        {
            var json = new Utf8JsonReader(record);
            Begin(ref json, line);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string member = Name(ref json);
                if (!_columns.TryGetValue(member, out int column))
                {
                    _columns.Add(member, column = tallies.Count);
                    tallies.Add(new JsonTally(member));
                }

                json.Read();
                tallies[column].Add(Cell(ref json), line);
                json.Skip();
            }

            End(ref json, line);
            _seen = new int[_columns.Count];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NoJson(line, e);
        }
    }

    /// <summary>Reads the members of a row that are wanted.</summary>
    /// <param name="record">The line.</param>
    /// <param name="line">Its number.</param>
    /// <param name="cells">Gets the cells of each wanted column.</param>
    /// <param name="places">The place of each column among those; −1: it is not wanted.</param>
    /// <param name="row">Where in them.</param>
    public void Read(ReadOnlySpan<byte> record, long line, JsonCell[][] cells, int[] places, int row)
    {
        try
        {
            var json = new Utf8JsonReader(record);
            Begin(ref json, line);
            _row++;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string member = Name(ref json);
                if (!_columns.TryGetValue(member, out int column))
                    throw new DataFormatException($"{name}, line {line}: there is a member '{member}', which the first rows have not. Have the first row "
                        + "name all columns, with null where a value is missing, or remove the member.");
                if (_seen[column] == _row)
                    throw new DataFormatException($"{name}, line {line}: the member '{member}' is there twice. Write it once.");
                _seen[column] = _row;
                json.Read();
                if (places[column] >= 0)
                    cells[places[column]][row] = Cell(ref json, line, member);
                json.Skip();
            }

            End(ref json, line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NoJson(line, e);
        }
    }

    private void Begin(ref Utf8JsonReader json, long line)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new DataFormatException($"{name}, line {line}: this is no JSON object. Every line is one, as {{\"x\": 1.5, \"y\": 2}}.");
    }

    private void End(ref Utf8JsonReader json, long line)
    {
        if (json.Read())
            throw new DataFormatException($"{name}, line {line}: more follows the object. Write one object a line.");
    }

    private DataFormatException NoJson(long line, Exception cause) =>
        new($"{name}, line {line}: this is no JSON object on one line ({cause.Message.Split('.')[0]}). Write every row as one on a line of its own.", cause);

    private static string Name(ref Utf8JsonReader json) => ComposedText.Of(json.GetString()!);

    private JsonCell Cell(ref Utf8JsonReader json, long line, string member)
    {
        JsonCell cell = Cell(ref json);
        return cell.Kind != JsonTokenType.StartArray && cell.Kind != JsonTokenType.StartObject ? cell
            : throw new DataFormatException($"{name}, line {line}, column '{member}': the value is {(cell.Kind == JsonTokenType.StartArray ? "a list"
                : "an object")}, which is not read. Numbers, texts, true, false and null are.");
    }

    private static JsonCell Cell(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Number => new JsonCell(JsonTokenType.Number, Encoding.UTF8.GetString(json.ValueSpan),
            NumberText.TryParse(json.ValueSpan, out double value) ? value : double.NaN),
        JsonTokenType.String => new JsonCell(JsonTokenType.String, json.GetString()),
        var kind => new JsonCell(kind, null),
    };
}

/// <summary>A value of a row.</summary>
/// <param name="Kind">What it is; none: it is not there.</param>
/// <param name="Text">A number as it is written, or a text.</param>
/// <param name="Number">A number; NaN: it has none that float64 holds.</param>
internal readonly record struct JsonCell(JsonTokenType Kind, string? Text, double Number = double.NaN)
{
    public bool IsMissing => Kind is JsonTokenType.None or JsonTokenType.Null || Text?.Length == 0;

    public string Show() => Text ?? (Kind == JsonTokenType.True ? "true" : "false");
}

/// <summary>The cells of a column.</summary>
internal sealed class JsonBlock(JsonCell[] cells) : ColumnBlock
{
    public override int Rows => cells.Length;

    public override bool IsMissing(int row) => cells[row].IsMissing;

    public override string Show(int row) => cells[row].Show();

    public override bool AreTexts(int row) => cells[row].Kind == JsonTokenType.String;

    public override bool TryNumber(int row, out double value)
    {
        value = cells[row].Kind switch { JsonTokenType.True => 1, JsonTokenType.False => 0, _ => cells[row].Number };
        return IsMissing(row) || !double.IsNaN(value);
    }
}

/// <summary>Counts what a column's first values are.</summary>
/// <param name="name">The column.</param>
internal sealed class JsonTally(string name)
{
    private int _numbers, _booleans, _texts, _times;
    private string? _other;

    public void Add(JsonCell cell, long line)
    {
        if (cell.IsMissing)
            return;
        switch (cell.Kind)
        {
            case JsonTokenType.Number:
                _numbers++;
                break;
            case JsonTokenType.String:
                _texts++;
                _times += TimeText.TryParse(Encoding.UTF8.GetBytes(cell.Text!), out _) ? 1 : 0;
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _booleans++;
                break;
            default:
                _other ??= string.Create(CultureInfo.InvariantCulture, $"{(cell.Kind == JsonTokenType.StartArray ? "lists" : "objects")} (line {line})");
                break;
        }
    }

    /// <summary>A column with numbers and other things is one of numbers, as in a text: the others are mistakes.</summary>
    public TypedField ToField() => _other is not null ? new TypedField(name, FieldKind.Other, _other)
        : _numbers > 0 || _texts + _booleans == 0 ? new TypedField(name, FieldKind.Number, "numbers")
        : _texts == 0 ? new TypedField(name, FieldKind.Boolean, "true and false")
        : _times == _texts && _booleans == 0 ? new TypedField(name, FieldKind.Time, "times")
        : new TypedField(name, FieldKind.Text, "texts");
}
