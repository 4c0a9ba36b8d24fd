using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads a table that keeps no zeros, as dense rows in bounded memory however wide they are, or as sparse ones.</summary>
internal abstract class EntriesReader : IRowReader
{
    private const int MostSparseRows = 8192, MostSparseBytes = 1 << 20;

    private readonly ColumnNames _names;
    private readonly bool _typed, _hasLines;
    private readonly MemoryStream _sparse = new();

    /// <param name="names">All columns of the table.</param>
    /// <param name="selection">Those that are read.</param>
    /// <param name="options">How.</param>
    /// <param name="precision">Of values, where nothing else is asked for.</param>
    /// <param name="mayBeSparse">Whether the columns that are read are kept without zeros.</param>
    /// <param name="hasLines">Whether rows stand in lines.</param>
    protected EntriesReader(ColumnNames names, ColumnSelection selection, ReadOptions options, Precision precision, bool mayBeSparse, bool hasLines)
    {
        (_names, Selection, _typed, _hasLines) = (names, selection, options.Typed, hasLines);
        Places = new int[names.Count];
        Array.Fill(Places, -1);
        for (int place = 0; place < selection.Values.Length; place++)
            Places[selection.Values[place]] = place;
        Columns = selection.Names(names);
        Precision = options.Precision ?? precision;
        // In another order values would have to be sorted.
        IsSparse = mayBeSparse && options is { Sparse: true, LabelsOnly: false } && selection.Values.SequenceEqual(selection.Values.Order());
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public bool IsSparse { get; }

    public ImmutableArray<ColumnType> Types => _typed && !IsSparse ? [.. Enumerable.Repeat(ColumnType.Number, Selection.Values.Length)] : [];

    public string? IdColumn => NameOf(Selection.Id);

    public string? WeightColumn => NameOf(Selection.Weight);

    public string? LabelColumn => NameOf(Selection.Label);

    protected ColumnSelection Selection { get; }

    /// <summary>Where each column stands among the values; −1: it is not read.</summary>
    protected int[] Places { get; }

    /// <summary>Rows of the batches that were read.</summary>
    protected long Rows { get; private set; }

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        int capacity = IsSparse ? MostSparseRows : BatchBuilder.RowsFor(Selection, Precision);
        BatchBuilder builder = IsSparse ? BatchBuilder.OfSparse(Selection, Precision, Rows, capacity, _hasLines)
            : new BatchBuilder(Selection, Precision, Rows, capacity, _hasLines);
        builder.Values.Clear();
        _sparse.SetLength(0);
        while (builder.Rows < capacity && _sparse.Length < MostSparseBytes && Next(builder))
            builder.Rows++;
        Rows += builder.Rows;
        batch = builder.Rows == 0 ? null : builder.ToBatch();
        if (IsSparse && batch is not null)
            batch = batch with { Values = _sparse.ToArray(), IsSparse = true };
        return batch is not null;
    }

    public abstract void Dispose();

    /// <summary>Reads a row: into the builder, or <see cref="Write"/>s it. False: there are no more.</summary>
    protected abstract bool Next(BatchBuilder builder);

    /// <summary>Adds a sparse row.</summary>
    /// <param name="columns">Places among the values, ascending.</param>
    /// <param name="values">None is 0.</param>
    protected void Write(ReadOnlySpan<uint> columns, ReadOnlySpan<double> values) => SparseRowBytes.Write(_sparse, Precision, columns, values);

    private string? NameOf(int column) => column < 0 ? null : _names[column];
}
