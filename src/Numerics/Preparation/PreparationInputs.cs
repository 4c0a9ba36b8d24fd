using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Which columns of the rows a preparation needs: numbers and booleans, and of the others those that a step turns into numbers.</summary>
public static class PreparationInputs
{
    /// <summary>Steps that turn columns of a type into numbers though nobody names them.</summary>
    private static readonly Dictionary<string, ColumnType> Turning = new(StringComparer.Ordinal)
    {
        ["onehot"] = ColumnType.Category,
        ["ordinal"] = ColumnType.Category,
        ["hash"] = ColumnType.Category,
        ["cycle"] = ColumnType.Time,
    };

    /// <summary>Steps after which columns are those that they were.</summary>
    private static readonly string[] Keeping = ["impute", "clip", "scale", "log1p", "sqrt", "yeojohnson", "unit", "weigh"];

    /// <summary>The columns that are needed, in the order of the rows or of a selection that comes first.</summary>
    /// <exception cref="TrainingException">The selection names a column that is not there.</exception>
    public static ImmutableArray<RowColumn> Of(PreparationSpec spec, ImmutableArray<RowColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ImmutableArray<RowColumn> among = spec.Steps is [{ Kind: "select" } first, ..]
            ? [.. StepKind.Of("select").Places(first, columns).Select(place => columns[place])] : columns;
        return [.. among.Where(column => IsNeeded(spec, column) || IsSelected(spec, column.Name))];
    }

    /// <summary>Columns of categories and times that no step turns into numbers, and that are left out therefore.</summary>
    public static ImmutableArray<RowColumn> LeftOut(PreparationSpec spec, ImmutableArray<RowColumn> columns) =>
        [.. columns.Where(column => column.Type is ColumnType.Category or ColumnType.Time && !IsNeeded(spec, column) && !IsSelected(spec, column.Name))];

    /// <summary>
    /// Checks what can be known of the steps' columns before anything is fitted: those that rows have, up to the first step that makes others.
    /// </summary>
    /// <exception cref="TrainingException">A step names a column that is not there, or of a type that it is not for.</exception>
    public static void Check(PreparationSpec spec, ImmutableArray<RowColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        foreach (StepRequest step in spec.Steps)
        {
            _ = StepKind.Of(step.Kind).Places(step, columns);
            if (!Keeping.Contains(step.Kind))
                return;
        }
    }

    private static bool IsSelected(PreparationSpec spec, string column) => spec.Steps is [{ Kind: "select" } first, ..] && first.Columns.Contains(column);

    private static bool IsNeeded(PreparationSpec spec, RowColumn column) => column.Type is ColumnType.Number or ColumnType.Boolean
        || spec.Steps.Any(step => step.Columns.IsEmpty
        ? Turning.TryGetValue(step.Kind, out ColumnType type) && type == column.Type
        : step.Kind is not ("impute" or "select") && step.Columns.Contains(column.Name));
}
