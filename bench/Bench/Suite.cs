using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Perfolizer.Horology;

namespace OrleansCluster.Bench;

/// <summary>Runs benchmarks in this process, so that they share it with what they are compared to, and prints a table.</summary>
internal static class Suite
{
    /// <param name="benchmarks">Classes of benchmarks.</param>
    /// <param name="parts">Words of which a benchmark's name, with its workload, must hold one; all run when there are none.</param>
    /// <param name="iteration">About how long one measurement takes.</param>
    /// <param name="unit">Of the times that are printed.</param>
    /// <param name="columns">Besides the median, its spread and what was allocated.</param>
    public static void Run(Type[] benchmarks, string[] parts, TimeSpan iteration, TimeUnit unit, params IColumn[] columns)
    {
        foreach (Type type in benchmarks)
        {
            ManualConfig config = ManualConfig.CreateEmpty()
                .AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: false)).WithUnrollFactor(1)
                    .WithEvaluateOverhead(false)
                    .WithWarmupCount(2).WithIterationCount(9).WithMinIterationTime(TimeInterval.FromMilliseconds(1))
                        .WithIterationTime(TimeInterval.FromMilliseconds(iteration.TotalMilliseconds)))
                .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics)
                .AddColumn(StatisticColumn.Median, StatisticColumn.StdDev)
                .AddColumn(columns)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddValidator(JitOptimizationsValidator.FailOnError)
                .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(unit))
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "orleanscluster-bench"))
                .WithOptions(ConfigOptions.DisableLogFile);
            if (parts.Length > 0)
                config.AddFilter(new SimpleFilter(benchmark => parts.Any(part => benchmark.DisplayInfo.Contains(part, StringComparison.OrdinalIgnoreCase))));
            Summary summary = BenchmarkRunner.Run(type, config);
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            {
                foreach (var error in summary.ValidationErrors)
                    Console.Error.WriteLine(error.Message);
                throw new InvalidOperationException($"Benchmarks of {type.Name} failed.");
            }

            // The table alone: what stands above it says what the machine is, which the first lines of a run do.
            MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Ascii);
        }
    }
}
