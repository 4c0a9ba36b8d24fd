using System.Runtime.InteropServices;
using OrleansCluster.Models;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Centres of a model that prepares its rows, in original units: a line a column, a column a cluster.</summary>
internal static class OriginalCentres
{
    private const int MostClusters = 8, MostColumns = 30;

    public static void Write(IAnsiConsole console, ModelParameters parameters, TrainingReport report)
    {
        ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(parameters.Originals.Span);
        int columns = parameters.OriginalColumns.Length, shown = Math.Min(parameters.K, MostClusters);
        var table = new Listing(
            [Column.Name("centre of"), .. Enumerable.Range(0, shown)
            .Select(cluster => Column.Number(report.Clusters[cluster].Label.ToString(System.Globalization.CultureInfo.InvariantCulture)))]);
        for (int column = 0; column < Math.Min(columns, MostColumns); column++)
        {
            var cells = new Cell[shown + 1];
            cells[0] = new Cell(parameters.OriginalColumns[column]);
            for (int cluster = 0; cluster < shown; cluster++)
                cells[cluster + 1] = new Cell(Numbers.Real(values[(cluster * columns) + column]));
            table.Add(cells);
        }

        table.Write(console);
        if (shown < parameters.K || columns > MostColumns)
            Prose.Note(console, "more of them with --export DIR, in parameters.json");
        console.WriteLine();
    }
}
