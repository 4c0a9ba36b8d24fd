using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace OrleansCluster.Bench.Kernels;

/// <summary>A rate of the median, in itself or as a share of what the machine does at most.</summary>
internal sealed class MachineColumn(string name, string legend, Func<Cost, double, string> of) : IColumn
{
    public string Id => $"{nameof(MachineColumn)}.{name}";

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    /// <summary>Columns for peaks that were measured in this run.</summary>
    public static IColumn[] For(Machine machine) =>
    [
        new MachineColumn("GFLOP/s", "Operations of multiply-adds that no plain method can leave out, a second",
            (cost, seconds) => Text(cost.MultiplyAdds * 2 / seconds / 1e9, "F0")),
        new MachineColumn("of FMA peak", "Share of the multiply-add peak of their precision",
            (cost, seconds) => Text(cost.MultiplyAdds * 2 / seconds / (cost.Double ? machine.Double : machine.Single), "P0")),
        new MachineColumn("GB/s", "Bytes of rows a second", (cost, seconds) => Text(cost.Bytes / seconds / 1e9, "F1")),
        new MachineColumn("of read peak", "Share of the peak of reading memory", (cost, seconds) => Text(cost.Bytes / seconds / machine.Read, "P0")),
    ];

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
        => summary[benchmarkCase]?.ResultStatistics is { } result && benchmarkCase.Parameters.Items[0].Value is ICosts costs
            ? of(costs.Cost, result.Median / 1e9) : "?";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
}
