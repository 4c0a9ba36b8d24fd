using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>What is wrong with columns and cells of a table whose format says what its columns hold, and what to do.</summary>
internal sealed class TypedRemedies(ITypedSource source, ColumnNames names, ColumnSelection selection, ReadOptions options)
{
    /// <summary>What to do about a value beyond float32.</summary>
    public string Wider => options.HasOptions ? "Use --dtype f8, or scale the column." : "Scale the column.";

    /// <summary>Refuses columns that cannot be what they are wanted for, whatever their cells are.</summary>
    /// <exception cref="DataFormatException">There is one; the message says which columns can be taken.</exception>
    public void CheckFields()
    {
        foreach (int column in selection.Values.Concat([selection.Weight, selection.Id, selection.Label]).Where(column => column >= 0))
        {
            TypedField field = source.Fields[column];
            if (!field.IsRead)
                throw Refusal(column, $"holds {field.Type}, which is not read");
            bool isNumber = field.Kind is FieldKind.Number or FieldKind.Boolean;
            if ((!options.Typed || column == selection.Weight) && !isNumber && column != selection.Id && column != selection.Label)
                throw Refusal(column, $"holds {field.Type}, and numbers are needed");
        }
    }

    /// <summary>Why a cell is not of its column's type.</summary>
    public string OfCell(int column, ColumnType type, ColumnBlock cells, int row)
    {
        string shown = NumberText.Show(System.Text.Encoding.UTF8.GetBytes(cells.Show(row)));
        if (type == ColumnType.Number && !cells.AreTexts(row))
            return $"{cells.Show(row)} is an integer beyond 2^53, which float64 would change. {WithoutOrId(column)}";
        string kind = type switch { ColumnType.Boolean => "neither true nor false", ColumnType.Time => "no time", _ => "no number" };
        string remedy = options.HasOptions && options.KnownTypes?.ContainsKey(names[column]) != true && options.Typed && column != selection.Weight
            ? $"Correct it, or have the column read as texts: --types \"{names[column]}=category\"."
            : "Correct it.";
        return $"{shown} is {kind}. {remedy}";
    }

    /// <summary>Why a text cannot be a category.</summary>
    public static string NoCategory(string text)
    {
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        return bytes > CategoryTexts.Longest
            ? $"the text has {bytes} bytes; a category has at most {CategoryTexts.Longest}. Leave the column out with --columns."
            : $"there are more than {CategoryTexts.Most} different texts, so that these are hardly categories. Carry the column as the rows' id with "
                + "--id-column, or leave the column out with --columns.";
    }

    private DataFormatException Refusal(int column, string what)
    {
        int[] others = [.. selection.Values.Where(other => other != column && CanBe(source.Fields[other]))];
        bool isValue = column != selection.Weight && column != selection.Id && column != selection.Label;
        string taken = options.Typed ? "numbers, true and false, texts, dates and times" : "numbers, and true and false";
        string remedy = !isValue || selection.AreNeeded || !options.HasOptions ? "" : names.Selection(others) is { } list
            ? $" Choose the others with --columns {list}{(MayBeId(column) is { } id ? $", or carry it along with --id-column {id}" : "")}."
            : "";
        return new DataFormatException($"{source.Name}: column '{names[column]}' {what}. Columns of {taken} are.{remedy}");
    }

    private bool CanBe(TypedField field) => field.IsRead && (options.Typed || field.Kind is FieldKind.Number or FieldKind.Boolean);

    private string WithoutOrId(int column)
    {
        string round = "have it rounded to float64 where it is written.";
        return MayBeId(column) is { } id ? $"Carry it as --id-column {id}, or {round}" : $"Leave the column out, or {round}";
    }

    /// <summary>What <c>--id-column</c> takes for a value column that can become the rows' id; null: it cannot.</summary>
    private string? MayBeId(int column) =>
        options is { HasOptions: true, IdColumn: null, Columns: null } && !selection.AreNeeded && selection.Values.Length > 1 && source.Fields[column].IsRead
            ? names.Token(column) : null;
}
