namespace OrleansCluster.Datasets;

/// <summary>Which columns of a table are read, and as what.</summary>
internal sealed class ColumnSelection
{
    /// <summary>Positions of the value columns, in order.</summary>
    public required int[] Values { get; init; }

    /// <summary>Position of the id column, or −1.</summary>
    public required int Id { get; init; }

    /// <summary>Position of the weight column, or −1.</summary>
    public required int Weight { get; init; }

    /// <summary>Position of the column of known labels, or −1.</summary>
    public required int Label { get; init; }

    /// <summary>Whether the rows' ids are the row names that R or pandas wrote, and nobody asked for others.</summary>
    public required bool HasRowNames { get; init; }

    /// <summary>Whether the value columns are those that a model needs, so that none can be left out.</summary>
    public required bool AreNeeded { get; init; }

    /// <param name="names">The table's columns.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="rowNames">Position of the column that holds the names of rows, or −1.</param>
    /// <param name="chosen">The value columns, whatever the options say of them; null: as they say.</param>
    /// <exception cref="DataFormatException">A column is unknown, doubtful, or chosen twice.</exception>
    public static ColumnSelection Resolve(ColumnNames names, ReadOptions options, int rowNames = -1, IReadOnlyList<int>? chosen = null)
    {
        int id = options.IdColumn is null ? -1 : names.Find(options.IdColumn, "--id-column");
        int weight = options.WeightColumn is null ? -1 : names.Find(options.WeightColumn, "--weight-column");
        int label = options.LabelColumn is null ? -1 : names.Find(options.LabelColumn, options.HasOptions ? "--labels" : "--label-column");
        if (id >= 0 && id == weight)
            throw names.Error($"column '{names[id]}' cannot be both the id and the weight of a row: choose two columns");
        int[] values = options.LabelsOnly ? []
            : chosen is not null ? [.. chosen]
            : options.Columns is not null ? names.FindAll(options.Columns, "--columns")
            : [.. Enumerable.Range(0, names.Count).Where(column => column != id && column != weight && column != label && column != rowNames)];
        bool byName = id < 0 && rowNames >= 0 && !values.Contains(rowNames) && weight != rowNames && label != rowNames;
        var selection = new ColumnSelection
        {
            Values = values,
            Id = byName ? rowNames
            : id,
            Weight = weight,
            Label = label,
            HasRowNames = byName,
            AreNeeded = chosen is not null
        };
        if (!options.LabelsOnly)
            selection.CheckValues(names, options, chosen is null && options.Columns is null);
        return selection;
    }

    public IReadOnlyList<string> Names(ColumnNames names) => [.. Values.Select(column => names[column])];

    private void CheckValues(ColumnNames names, ReadOptions options, bool areAll)
    {
        foreach (int column in Values)
        {
            if (column == Id || column == Weight)
                throw names.Error($"column '{names[column]}' is the {(column == Id ? "id" : "weight")} of the rows and among their values: leave it out of "
                    + "--columns");
            if (areAll && names.HasNames && !names.HasName(column))
                throw NoName(names, options, column);
        }

        if (Values.Length == 0)
            throw names.Error("no column is left for the values: leave one out of --id-column and --weight-column");
        int most = options.IsWide ? Numerics.Rows.SparseBlock.MostColumns : RowSchema.MaximumColumns;
        if (Values.Length > most)
            throw names.Error($"{Values.Length} value columns are more than the {most} that a row can have: "
                + $"{(options.HasOptions ? "choose fewer with --columns" : "leave some out")}");
        foreach (IGrouping<string, int> same in Values.GroupBy(column => names[column], StringComparer.Ordinal))
        {
            if (same.Count() > 1)
                throw names.Error($"two columns are named '{same.Key}' (positions {string.Join(" and ", same.Take(2))}, from 0): rename one in the "
                    + $"header{(options.HasOptions ? ", or choose others with --columns" : "")}");
        }
    }

    /// <summary>A column between others that have names may be a row number that nobody wants to be clustered by.</summary>
    private DataFormatException NoName(ColumnNames names, ReadOptions options, int column)
    {
        string what = $"column {column} (from 0) has no name in the header, so it may be a row number";
        if (!options.HasOptions)
            return names.Error($"{what}: name it in the header, or remove it");
        string without = names.Selection([.. Values.Where(other => other != column)]) is { } list ? $" --columns {list}" : " --columns";
        string asId = Id < 0 ? $", or carry it along with --id-column {names.Token(column)}" : "";
        return names.Error($"{what}: choose the value columns with{without}{asId}");
    }
}
