using System.Diagnostics;
using System.Reflection;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>What a run that is done says of itself.</summary>
internal static class TrainingReports
{
    private static readonly string Code = typeof(TrainingReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "";

    public static TrainingReport Create(
        string job, JobRecord record, DatasetManifest manifest, FittedPreparation? preparation, TrainingOutcome outcome, TrainingTrace trace, int threads)
    {
        TrainingRequest request = record.Request!;
        using var process = Process.GetCurrentProcess();
        return new TrainingReport
        {
            Job = job,
            Model = request.Model,
            Version = 0,
            Dataset = request.Dataset,
            DatasetVersion = request.DatasetVersion,
            Rows = manifest.Rows,
            Columns = manifest.Schema.Columns,
            Inputs = preparation is null ? []
                : [.. preparation.Inputs.Select(input => new InputColumn { Name = input.Name, Type = RowColumn.NameOf(input.Type) })],
            Preparation = preparation is null ? "" : request.Preparation,
            PreparationSteps = preparation?.Tell() ?? [],
            Options = request.Asked().WithStart(default),
            Measures = outcome.Measures,
            PartMeasures = outcome.PartMeasures,
            Selection = outcome.Selection,
            SampleSize = outcome.SampleSize,
            K = outcome.Model.K,
            Threads = threads,
            Stop = outcome.Stop,
            Objective = outcome.Objective,
            ObjectiveName = outcome.Model.Family.Description.ObjectiveName,
            Iterations = [.. trace.Iterations.Where(iteration => iteration.Restart == outcome.Restart)],
            Restarts = [.. trace.Restarts],
            Clusters = outcome.Clusters,
            Warnings = [.. trace.Warnings.Select(warning => IsOfModel(warning.Restart, request.Asked(), outcome.Restart) ? warning.Message
                : ClusterMark.Lose(warning.Message))],
            InitSeconds = trace.InitSeconds,
            IterateSeconds = trace.IterateSeconds,
            TotalSeconds = trace.TotalSeconds,
            MemoryPeakBytes = process.PeakWorkingSet64,
            Digest = outcome.Model.Digest,
            Code = Code,
            Resumed = record.Resumed,
            Retraining = request.Retraining,
        };
    }

    /// <summary>Whether the clusters that a warning is about are the model's: of several numbers of clusters those of the chosen one.</summary>
    private static bool IsOfModel(int restart, ITrainingOptions options, int kept) =>
        restart < 0 || options.LargestK == 0 || restart / options.Restarts == kept / options.Restarts;
}
