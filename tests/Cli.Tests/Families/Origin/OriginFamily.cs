using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Tests.Families.Origin;

/// <summary>k-means with a centre that stays at the origin: the smallest family that does everything a family does.</summary>
internal sealed class OriginFamily : IFamily
{
    public static OriginFamily Instance { get; } = new();

    public FamilyDescription Description => OriginOptions.Description;

    public ImmutableArray<string> Capabilities { get; } = OrleansCluster.Families.Capabilities.Of(typeof(PreparedOrigin));

    public StatisticKinds Statistics { get; } = StatisticKinds.Shared.With<OriginStarts>().With<OriginTotals>();

    public ITrainer Create(ITrainingOptions options, DatasetManifest manifest)
    {
        var asked = (OriginOptions)options;
        Asked.CheckK(asked.K, manifest);
        return Trainer(asked, asked.K, manifest.Schema.Columns.Length);
    }

    public ITrainer Continue(ITrainingOptions options, DatasetManifest manifest, ReadOnlyMemory<byte> parameters) =>
        new OriginTrainer(OriginModel.Decode(parameters), options.Seed, options.MaxIterations, started: true);

    public ITrainer Restore(ReadOnlyMemory<byte> saved) => OriginTrainer.Restore(saved);

    public ITrainer Rehearse(ITrainingOptions options, int k, int columns) => Trainer((OriginOptions)options with { MaxIterations = 2 }, k, columns);

    public IShardWorker CreateWorker(RowBlock rows) => new OriginWorker(rows);

    public TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options)
    {
        var done = (OriginTrainer)trainer;
        OriginTotals totals = done.Totals ?? throw new InvalidOperationException("The training is not done.");
        return new TrainingOutcome
        {
            Model = done.Model,
            Restart = 0,
            Stop = done.Stop,
            Objective = totals.Squares.Sum(),
            Clusters = TrainingOutcome.Records(
                [.. totals.Rows.Select(rows => (long)rows)], totals.Weights,
                    [.. totals.Squares.Zip(totals.Weights, (squares, weight) => weight > 0 ? Math.Sqrt(squares / weight) : 0)]),
            Measures = [new Measure { Name = "at_origin", Value = totals.Rows[0] }],
        };
    }

    public bool Owns(ReadOnlySpan<byte> parameters) => parameters.StartsWith("OCTO"u8);

    public IModel Decode(ReadOnlyMemory<byte> parameters) => OriginModel.Decode(parameters);

    private static OriginTrainer Trainer(OriginOptions options, int k, int columns) =>
        new(new OriginModel(new double[k * columns], columns, options.Radius), options.Seed, options.MaxIterations, started: false);
}
