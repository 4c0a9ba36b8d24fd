using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Serving;

namespace OrleansCluster.Monitoring;

/// <summary>
/// Some of the rows that a version was asked about, each as likely to be there as any other: one of every so many rows that follow each other, at a random
/// place among them. When there are too many, every second one goes, and from then on one of twice as many is taken. Not thread-safe.
/// </summary>
/// <param name="most">Most rows that it holds, an even number.</param>
/// <param name="number">Tells it from other samples, whose places are others.</param>
internal sealed class AskedSample(int most, uint number)
{
    /// <summary>Kinds of rows (their columns, types and precision) that are told apart; rows of further ones are passed over.</summary>
    private const int MostLayouts = 8;

    private readonly List<AskedLayout> _layouts = [];
    private readonly List<(AskedLayout Layout, byte[] Row)> _rows = new(most);
    private long _seen;
    private long _stride = 1;
    private long _block;
    private long _next;

    /// <summary>Rows that were passed to it.</summary>
    public long Seen => _seen;

    /// <summary>Rows that it holds.</summary>
    public int Count => _rows.Count;

    /// <summary>Passes rows to it.</summary>
    /// <param name="rows">The rows of a question that was answered.</param>
    /// <param name="some">Which of them; empty: all.</param>
    public void Pass(RowsPayload rows, ReadOnlySpan<int> some)
    {
        int rowBytes = rows.Columns * AskedLayout.ValueBytes(rows);
        int count = some.IsEmpty ? rows.Values.Length / rowBytes : some.Length;
        AskedLayout? layout = _next < _seen + count ? Layout(rows) : null;
        for (; _next < _seen + count; Advance())
        {
            int place = (int)(_next - _seen);
            if (layout is not null)
                _rows.Add((layout, layout.Copy(rows, some.IsEmpty ? place : some[place])));
        }

        _seen += count;
    }

    /// <summary>The rows that it holds, as questions.</summary>
    public IEnumerable<RowsPayload> Questions() =>
        _layouts.Select(layout => layout.Question([.. _rows.Where(row => row.Layout == layout).Select(row => row.Row)])).Where(rows => !rows.Values.IsEmpty);

    private void Advance()
    {
        _block++;
        if (_rows.Count == most)
        {
            // One of each two neighbours, so that what is left is one row of twice as many.
            for (int pair = 0; pair < most / 2; pair++)
                _rows[pair] = _rows[(2 * pair) + (int)(Random(pair, _stride) & 1)];
            _rows.RemoveRange(most / 2, most - (most / 2));
            _stride *= 2;
            _block = (_block + 1) / 2;
        }

        _next = (_block * _stride) + (long)(Random(_block, -_stride) % (ulong)_stride);
    }

    /// <summary>Random, but the same for the same place.</summary>
    private ulong Random(long place, long what)
    {
        (uint a, uint b, _, _) = Philox.Block((uint)place, (uint)(place >> 32), (uint)what, (uint)(what >> 32), 0x61736B65, number);
        return ((ulong)a << 32) | b;
    }

    private AskedLayout? Layout(RowsPayload rows)
    {
        if (_layouts.Find(known => known.Fits(rows)) is { } found)
            return found;
        if (_layouts.Count == MostLayouts)
            return null;
        _layouts.Add(new AskedLayout(rows));
        return _layouts[^1];
    }
}

/// <summary>Rows of the same columns out of several questions: each has lists of categories of its own, and these are one.</summary>
internal sealed class AskedLayout
{
    private readonly RowsPayload _like;
    private readonly List<string>?[] _categories;
    private readonly Dictionary<string, int>?[] _places;

    public AskedLayout(RowsPayload like)
    {
        ImmutableArray<TypedColumn> types = like.Types.IsDefault ? [] : [.. like.Types.Select(type => type with { Categories = [] })];
        _like = like with { Values = default, Keys = default, Types = types };
        _categories = [.. _like.Types.Select(type => type.Type == RowColumn.NameOf(ColumnType.Category) ? new List<string>() : null)];
        _places = [.. _categories.Select(list => list is null ? null : new Dictionary<string, int>(StringComparer.Ordinal))];
    }

    /// <summary>Bytes of a value.</summary>
    public static int ValueBytes(RowsPayload rows) => rows.Precision == "f4" ? sizeof(float) : sizeof(double);

    /// <summary>Whether rows have the same columns.</summary>
    public bool Fits(RowsPayload rows)
    {
        int types = rows.Types.IsDefault ? 0 : rows.Types.Length;
        if (rows.Precision != _like.Precision || rows.Columns != _like.Columns || types != _like.Types.Length)
            return false;
        for (int i = 0; i < types; i++)
        {
            if (rows.Types[i].Name != _like.Types[i].Name || rows.Types[i].Type != _like.Types[i].Type)
                return false;
        }

        return true;
    }

    /// <summary>A row, its categories by the list of all.</summary>
    public byte[] Copy(RowsPayload rows, int row)
    {
        int valueBytes = ValueBytes(rows);
        byte[] copy = rows.Values.Slice(row * rows.Columns * valueBytes, rows.Columns * valueBytes).ToArray();
        for (int column = 0; column < _categories.Length; column++)
        {
            if (_categories[column] is not { } list)
                continue;
            Span<byte> at = copy.AsSpan(column * valueBytes, valueBytes);
            double place = valueBytes == sizeof(float) ? BitConverter.ToSingle(at) : BitConverter.ToDouble(at);
            if (double.IsNaN(place))
                continue;
            string text = rows.Types[column].Categories[(int)place];
            if (!_places[column]!.TryGetValue(text, out int found))
            {
                _places[column]![text] = found = list.Count;
                list.Add(text);
            }

            _ = valueBytes == sizeof(float) ? BitConverter.TryWriteBytes(at, (float)found) : BitConverter.TryWriteBytes(at, (double)found);
        }

        return copy;
    }

    /// <summary>Rows as a question.</summary>
    public RowsPayload Question(byte[][] rows)
    {
        ImmutableArray<TypedColumn> types = [.. _like.Types.Select((type, i) => _categories[i] is { } list ? type with { Categories = [.. list] } : type)];
        return _like with { Values = rows.SelectMany(row => row).ToArray(), Types = types };
    }
}
