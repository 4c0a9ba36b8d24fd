using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <summary>Rows that a model is asked about, as they came, and as the model sees them: the same code, and so the same bits, as in training.</summary>
internal sealed partial class AskedRows
{
    private readonly RowBlock _rows;
    private readonly BoundPreparation? _preparation;
    private readonly FittedPreparation? _fitted;

    /// <summary>Columns of a question, whose categories nobody has looked at; empty: they are those of a dataset.</summary>
    private readonly ImmutableArray<RowColumn> _asked = [];

    private AskedRows(RowBlock rows, FittedPreparation? fitted = null, BoundPreparation? preparation = null, ImmutableArray<RowColumn>? asked = null) =>
        (_rows, _fitted, _preparation, _asked) = (rows, fitted, preparation, asked ?? []);

    public int Rows => _rows.Rows;

    /// <summary>Rows of a question.</summary>
    /// <exception cref="ClusteringException">They are not like those that the model was trained on.</exception>
    public static AskedRows Of(RowsPayload rows, PreparedModel model, FittedPreparation? fitted)
    {
        Precision precision = Precisions.Parse(rows.Precision);
        ImmutableArray<RowColumn> typed = rows.Types.IsDefaultOrEmpty
            ? []
            : [.. rows.Types.Select(
                type => new RowColumn(type.Name, ColumnTypes.Parse(type.Type)) { Categories = type.Categories.IsDefault ? [] : type.Categories })];
        if (fitted is null)
            CheckNumbers(typed);
        if (fitted is null || typed.IsEmpty)
            RowChecks.CheckColumns(rows.Columns, fitted?.Inputs.Length ?? model.Columns);
        int rowBytes = rows.Columns * (int)precision;
        if (rows.Columns < 1 || rows.Values.Length % rowBytes != 0)
            throw new ClusteringException(
                $"{rows.Values.Length} bytes are not whole rows of {rows.Columns} columns of {rows.Precision} ({rowBytes} bytes a row).");
        RowBlock block = RowBytes.AsBlock(rows.Values, precision, rows.Columns);
        if (fitted is null)
            return new AskedRows(block);
        ImmutableArray<RowColumn> columns = typed.IsEmpty ? fitted.Inputs : typed;
        if (columns.Length != rows.Columns)
            throw new ClusteringException($"{columns.Length} types came with rows of {rows.Columns} columns: give one for each.");
        return new AskedRows(block, fitted, Bind(fitted, columns), columns);
    }

    /// <summary>Rows of certain columns.</summary>
    /// <exception cref="ClusteringException">A column that the model needs is not there, or of another type.</exception>
    public static AskedRows Of(RowBlock rows, ImmutableArray<RowColumn> columns, FittedPreparation fitted) => new(rows, fitted, Bind(fitted, columns));

    /// <summary>Rows of a model that takes them as they are.</summary>
    public static AskedRows Of(RowBlock rows) => new(rows);

    /// <summary>The rows as the model sees them. May take a while.</summary>
    /// <exception cref="ClusteringException">A value is missing, and nothing fills it in; or a step has no value for what is there.</exception>
    public RowBlock Seen(IParallel parallel)
    {
        if (_preparation is null)
            return _rows;
        RowChecks.CheckNotInfinite(_rows);
        CheckCategories(_rows, _asked);
        RowBlock prepared = _preparation.Prepare(_rows, parallel);
        int at = prepared.Float64.Span.IndexOfAnyExceptInRange(double.NegativeInfinity, double.PositiveInfinity);
        if (at < 0)
            return prepared;
        int row = at / prepared.Columns, missing = _preparation.FirstMissing(_rows, row);
        throw missing >= 0
            ? new ClusteringException(row, missing, RowChecks.NoValue)
            : new ClusteringException(
                row, Input(at % prepared.Columns),
                $"the model's preparation has no value for the row in '{_fitted!.Outputs[at % prepared.Columns]}': {string.Join("; ", _fitted.Tell())}. "
                    + "Correct the row or leave it out.");
    }

    /// <summary>Refuses columns whose values are no numbers, for a model that takes rows as they are.</summary>
    /// <exception cref="ClusteringException">There is one.</exception>
    public static void CheckNumbers(IEnumerable<RowColumn> columns)
    {
        if (columns.FirstOrDefault(column => column.Type is not (ColumnType.Number or ColumnType.Boolean)) is { } other)
            throw new ClusteringException(
                $"Column '{other.Name}' is a {RowColumn.NameOf(other.Type)}, and the model takes numbers: give those that it was trained on.");
    }

    /// <summary>Labels, and what the rows lacked: missing values, and categories that the training rows had not. May take a while.</summary>
    public Assignments Label(Func<RowBlock, Assignments> labelling, IParallel parallel)
    {
        Assignments answer = Answer(labelling, parallel);
        return _preparation?.Count(_rows) is var (missing, unknown) && missing + unknown > 0
            ? answer with { Missing = missing, Unknown = unknown }
            : answer;
    }

    /// <summary>Scores, and what the rows lacked (<see cref="Label"/>). May take a while.</summary>
    public Scores Score(Func<RowBlock, Scores> scoring, IParallel parallel)
    {
        Scores answer = Answer(scoring, parallel);
        return _preparation?.Count(_rows) is var (missing, unknown) && missing + unknown > 0
            ? answer with { Missing = missing, Unknown = unknown }
            : answer;
    }

    /// <summary>Answers by the rows as the model sees them; what is refused is told by the columns of those that were asked about.</summary>
    public T Answer<T>(Func<RowBlock, T> answer, IParallel parallel)
    {
        RowBlock seen = Seen(parallel);
        if (_preparation is null)
            return answer(seen);
        try
        {
            return answer(seen);
        }
        catch (ClusteringException refused) when (refused is { Row: { } row, Column: { } column, Problem: { } problem })
        {
            throw new ClusteringException(row, Input(column), $"prepared as '{_fitted!.Outputs[column]}', {problem}");
        }
    }

    /// <summary>A column that was asked about for one that the model sees: the one of that name, or the first.</summary>
    private int Input(int column)
    {
        string name = _fitted!.Outputs[column];
        for (int input = 0; input < _fitted.Inputs.Length; input++)
        {
            if (name == _fitted.Inputs[input].Name || name.StartsWith(_fitted.Inputs[input].Name + "=", StringComparison.Ordinal)
                || name.StartsWith(_fitted.Inputs[input].Name + " ", StringComparison.Ordinal))
                return input;
        }

        return 0;
    }

    private static BoundPreparation Bind(FittedPreparation fitted, ImmutableArray<RowColumn> columns)
    {
        try
        {
            return fitted.Bind(columns);
        }
        catch (Numerics.TrainingException e)
        {
            throw Failures.Translate(e);
        }
    }

    /// <summary>Values of categories are places in their lists.</summary>
    private static void CheckCategories(RowBlock rows, ImmutableArray<RowColumn> columns)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            if (columns[column].Type != ColumnType.Category)
                continue;
            for (int row = 0; row < rows.Rows; row++)
            {
                double value = rows.Precision == Precision.Float64 ? rows.Float64.Span[(row * rows.Columns) + column]
                    : rows.Float32.Span[(row * rows.Columns) + column];
                if (!double.IsNaN(value) && !(value >= 0 && value < columns[column].Categories.Length && value == Math.Floor(value)))
                    throw new ClusteringException(
                        row, column, $"the value stands for none of the column's {columns[column].Categories.Length} categories: their texts come with "
                            + "the rows.");
            }
        }
    }
}
