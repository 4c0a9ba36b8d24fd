using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>An npy array as a table: of two dimensions, or of one, whose elements are one column, or the columns that their records have.</summary>
internal sealed class NpyTable : ITable
{
    private const int MaximumWidth = 1 << 20;

    private NpyTable(InputSource source, NpyHeader header)
    {
        (Source, Header) = (source, header);
        CheckShape();
        Names = new ColumnNames(Name, header.IsRecord ? [.. header.Fields.Select(field => field.Name)]
            : [.. Enumerable.Repeat("", Header.Shape.Length == 1 ? 1 : (int)Header.Shape[1])]);
    }

    public string Name => Source.Name;

    public ImmutableArray<string> Columns => Names.ToArray();

    public bool HasNames => Names.HasNames;

    internal InputSource Source { get; }

    internal NpyHeader Header { get; }

    internal ColumnNames Names { get; }

    public static NpyTable Open(InputSource source) => new(source, NpyHeader.Read(source));

    public IReadOnlyList<int> Choose(ReadOptions options) => ColumnSelection.Resolve(Names, options).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null) =>
        new NpyRowReader(this, ColumnSelection.Resolve(Names, options, chosen: values), options);

    public void Dispose() => Source.Dispose();

    /// <summary>The type of a column.</summary>
    internal NpyElement Element(int column) => Header.Fields[Header.IsRecord ? column : 0].Element;

    private void CheckShape()
    {
        ImmutableArray<long> shape = Header.Shape;
        // Without their sizes nothing else can be found; what else a record holds may stay unread.
        if (Header.Fields.FirstOrDefault(field => !(Header.IsRecord ? field.Element.HasSize : field.Element.CanBeShown)) is { } field)
            throw field.Element.Refusal(Header.IsRecord ? $"{Name}, column '{field.Name}'" : Name);
        if (shape.Length is not (1 or 2))
        {
            string remedy = shape.Length == 0 ? "" : " Reshape it: x.reshape(len(x), -1).";
            throw new DataFormatException($"{Name} holds an array of {shape.Length} dimensions; rows and columns are 2.{remedy}");
        }

        if (shape.Length == 2 && Header.IsRecord)
            throw new DataFormatException($"{Name} holds {shape[0]} × {shape[1]} records; records are rows themselves. Reshape it: x.ravel().");
        if (shape.Contains(0) || Header.ElementBytes == 0)
            throw new DataFormatException($"{Name} holds an array of {Counted(shape[0], "row")} and "
                + $"{Counted(shape.Length == 1 ? Header.Fields.Length : shape[1], "column")}{(Header.ElementBytes == 0 ? " without content" : "")}. Give one "
                    + "with rows and columns.");
        CheckLength(shape[0], shape.Length == 1 ? 1 : shape[1]);
        if ((shape.Length == 1 ? Header.Fields.Length : shape[1]) is > MaximumWidth and var width)
            throw new DataFormatException($"{Name} has {width} columns, of which at most {MaximumWidth} can be listed. Save the ones that are needed: "
                + "x[:, :n].");
    }

    /// <summary>Refuses what holds more or less than its header says, where that shows before it is read.</summary>
    private void CheckLength(long rows, long columns)
    {
        if (Source.Length is { } length)
            CheckLength(Name, Header, length - Header.DataOffset);
        // What comes through a pipe is checked at its end; its size must be a number all the same.
        else if ((UInt128)rows * (UInt128)columns > long.MaxValue / (ulong)Header.ElementBytes)
            CheckLength(Name, Header, 0);
    }

    /// <summary>Refuses an array whose header promises other than the bytes that follow it.</summary>
    /// <param name="name">What messages call the table.</param>
    /// <param name="header">Its header.</param>
    /// <param name="held">Bytes that follow the header.</param>
    /// <exception cref="DataFormatException">They are not as many.</exception>
    internal static void CheckLength(string name, NpyHeader header, long held)
    {
        // Sizes are below 2^63, so their product fits; the bytes might not.
        UInt128 promised = header.Shape.Aggregate(UInt128.One, (product, size) => product * (UInt128)size);
        long whole = held / header.ElementBytes;
        if (promised == (UInt128)whole && held % header.ElementBytes == 0)
            return;
        throw new DataFormatException(
            $"{name}: the header promises {string.Join(" × ", header.Shape)} = {promised} values of {header.ElementBytes} bytes, but {held} bytes follow it. "
            + (promised > (UInt128)whole ? "The file is cut short or its header is wrong: copy or save it again."
                : "Save one array in a file with numpy.save."));
    }

    private static string Counted(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
