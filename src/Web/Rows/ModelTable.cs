using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Serving;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>The rows of a table that a model is asked about: its columns are found by their names and read as what they are to it.</summary>
internal sealed class ModelTable
{
    private readonly IRowReader _reader;
    private readonly AskedColumns _inputs;
    private ImmutableArray<TypedColumn> _types = [];

    private ModelTable(IRowReader reader, AskedColumns inputs) => (_reader, _inputs) = (reader, inputs);

    /// <summary>Begins to read a table, which belongs to the reader from then on.</summary>
    /// <exception cref="DataFormatException">The model's columns are not among those of the table.</exception>
    /// <exception cref="ProblemException">They are of another type there.</exception>
    public static (IRowReader Reader, ModelTable Rows) Open(ITable table, ReadOptions options, AskedColumns inputs)
    {
        var match = new ColumnMatch(table.Name, table.Columns, table.HasNames, inputs.Names) { HasOptions = false, OffersPositions = false };
        int[] found = match.Find(options.Columns is null ? null : table.Choose(options), () => table.Choose(options), byPosition: false);
        // Times are finer than float32.
        IRowReader reader = table.Read(
            inputs.AreTyped ? options.Knowing(inputs.Types, table.Columns, found) with { Precision = null } : options, found);
        for (int j = 0; j < inputs.Types.Length; j++)
        {
            ColumnType type = reader.Types.IsDefaultOrEmpty ? ColumnType.Number : reader.Types[j];
            if (type == inputs.Types[j])
                continue;
            reader.Dispose();
            throw ProblemException.Content(
                $"{table.Name}, column '{inputs.Names[j]}': the values are of type {RowColumn.NameOf(type)} here, and to the model of type "
                    + $"{RowColumn.NameOf(inputs.Types[j])}: send them as text, in CSV or JSON.");
        }

        return (reader, new ModelTable(reader, inputs));
    }

    /// <summary>Rows that were just read, before any others are.</summary>
    public AskedRows Of(RowBatch batch) => new()
    {
        Columns = _inputs.Names,
        Width = _inputs.Names.Length,
        Rows = batch.Rows,
        Precision = batch.Precision,
        Values = batch.Values,
        Types = Types(),
        Ids = batch.Ids.IsDefaultOrEmpty ? null : batch.Ids,
    };

    /// <summary>What the columns are, with the texts that came so far.</summary>
    private ImmutableArray<TypedColumn> Types()
    {
        if (_types.IsEmpty || _types.Where((column, j) => column.Categories.Length != _reader.Categories(j).Count).Any())
            _types =
            [
                .. _inputs.Types.Select((type, j) =>
                    new TypedColumn { Name = _inputs.Names[j], Type = RowColumn.NameOf(type), Categories = [.. _reader.Categories(j)] }),
            ];
        return _types;
    }
}
