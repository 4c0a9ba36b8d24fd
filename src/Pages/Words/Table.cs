using System.Text;
using OrleansCluster.Datasets;

namespace OrleansCluster.Pages.Words;

/// <summary>The numbers behind a picture.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">A cell a column each.</param>
public sealed record Table(IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<string>> Rows)
{
    /// <summary>As comma-separated text.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in Rows.Prepend(Columns))
            text.AppendJoin(',', row.Select(CsvCell.Of)).Append('\n');
        return text.ToString();
    }
}
