using System.Collections.Immutable;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// A sparse matrix in rows (CSR) as scipy.sparse.save_npz writes it: <c>indptr</c>, where each row begins; <c>indices</c>, the columns of its values; and
/// <c>data</c>, these. The columns are <c>c0</c>, <c>c1</c>, …
/// </summary>
internal sealed class CsrTable : ITable
{
    private readonly NpzArchive _archive;

    private CsrTable(NpzArchive archive, ReadOptions options)
    {
        _archive = archive;
        CheckFormat();
        (Rows, long columns) = Shape();
        if (options is { HasFeatures: true, Features: { } features })
        {
            if (features < columns)
                throw new DataFormatException($"{Name} has {columns} columns, and {features} were asked for with --features. Ask for as many, or leave it "
                    + "out.");
            columns = features;
        }

        if (columns is < 1 or > SparseBlock.MostColumns)
            throw new DataFormatException($"{Name} has {columns} columns; rows have 1 to {SparseBlock.MostColumns}. Leave some out: m[:, :n].");
        if (Rows < 1)
            throw new DataFormatException($"{Name} has no rows. Give a file with rows.");
        Width = (int)columns;
        Names = new ColumnNames(Name, [.. Enumerable.Repeat("", Width)]);
    }

    public string Name => _archive.Name;

    public ImmutableArray<string> Columns => Names.ToArray();

    public bool HasNames => false;

    /// <summary>Number of rows.</summary>
    internal long Rows { get; }

    /// <summary>Number of columns.</summary>
    internal int Width { get; }

    internal ColumnNames Names { get; }

    /// <exception cref="DataFormatException">It is damaged, no matrix in rows, or has too many columns.</exception>
    public static CsrTable Open(NpzArchive archive, ReadOptions options)
    {
        try
        {
            return new CsrTable(archive, options);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public IReadOnlyList<int> Choose(ReadOptions options) => Select(options, null).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null) => new CsrRowReader(this, Select(options, values), options);

    public void Dispose() => _archive.Dispose();

    /// <summary>One of the arrays, from its beginning.</summary>
    internal NpyList Part(string name) => NpyList.Open(_archive, name);

    private ColumnSelection Select(ReadOptions options, IReadOnlyList<int>? values) =>
        ColumnSelection.Resolve(Names, options with { IsWide = true }, chosen: values);

    private void CheckFormat()
    {
        using NpyList format = Part("format");
        if (format.Count == 1 && format.Element.Kind is 'S' or 'U' && format.Text() is var text)
        {
            if (text == "csr")
                return;
            if (text is "csc" or "coo" or "bsr" or "dia" or "lil" or "dok")
                throw new DataFormatException($"{Name} is a sparse matrix of the format '{text}', which is not kept in rows. Save it as 'csr': "
                    + "scipy.sparse.save_npz('FILE.npz', m.tocsr()).");
        }

        throw new DataFormatException($"{Name} has arrays called as those of a sparse matrix, and none of its formats. Say which array is meant: {Name}:data, "
            + "or save a matrix with scipy.sparse.save_npz.");
    }

    private (long Rows, long Columns) Shape()
    {
        using NpyList shape = Part("shape");
        if (shape.Count != 2)
            throw new DataFormatException($"{Name} has {shape.Count} dimensions; rows and columns are 2. Save a matrix with scipy.sparse.save_npz.");
        var sizes = new long[2];
        shape.Read(sizes);
        return (sizes[0], sizes[1]);
    }
}
