using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>How the work is done never changes the result.</summary>
public sealed class InvarianceTests
{
    private const int ShardRows = 4096;

    public static TheoryData<CovarianceForm, MixtureInit> Cases
    {
        get
        {
            var cases = new TheoryData<CovarianceForm, MixtureInit>();
            foreach (CovarianceForm form in MixtureCase.Forms)
            {
                cases.Add(form, MixtureInit.KMeans);
                cases.Add(form, form == CovarianceForm.Tied ? MixtureInit.PlusPlus : MixtureInit.RandomResponsibilities);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_digest(CovarianceForm form, MixtureInit init)
    {
        RowBlock rows = Rows(form);
        MixtureSpec spec = MixtureSpec.Create(4, form, init, restarts: 2, maxIterations: 6, seed: 3);
        MixtureResult expected = Run(spec, rows, null, Sequential.Instance, whole: true, restore: false);
        expected.Model.K.ShouldBe(4);
        foreach (SimdWidth? width in MixtureCase.Widths)
            Check(expected, Run(spec, rows, width, new Threads(3), whole: true, restore: false), $"{width}");
        Check(expected, Run(spec, rows, SimdSelection.Current, new Threads(7), whole: false, restore: false), "regrouped");
        Check(expected, Run(spec, rows, SimdSelection.Current, Sequential.Instance, whole: true, restore: true), "restored");
    }

    [Fact]
    public void Components_that_begin_anew_do_so_wherever_they_are_computed()
    {
        RowBlock rows = WithDuplicates();
        MixtureSpec spec = MixtureSpec.Create(2, CovarianceForm.Full, MixtureInit.Given, new double[] { 50, 50, 0, 0 }, maxIterations: 8);
        MixtureResult expected = Run(spec, rows, null, Sequential.Instance, whole: true, restore: false);
        expected.Warnings.ShouldContain(warning => warning.Contains("re-seeded", StringComparison.Ordinal));
        Check(expected, Run(spec, rows, SimdSelection.Current, new Threads(5), whole: false, restore: true), "restored and regrouped");
    }

    [Fact]
    public void Any_reduction_of_neighbours_is_the_same()
    {
        RowBlock rows = Rows(CovarianceForm.Full);
        MixtureParameters parameters = MixtureCase.Parameters(4, CovarianceForm.Full, 3, rows.Columns, 3);
        var step = new MixtureStep
        {
            Source = ResponsibilitySource.Posterior,
            Reduction = MixtureReduction.Moments,
            Form = CovarianceForm.Full,
            K = 3,
            Origins = parameters.Origins.ToArray(),
            Parameters = parameters,
        };
        ReadOnlyMemory<byte>[] parts = [.. MixtureCase.Workers(rows, 2048, SimdSelection.Current)
            .Select(worker => worker.Execute(step.Encode(), Sequential.Instance))];
        byte[] flat = StatisticMerge.Merge(parts, kinds: MixtureStatistics.Kinds).ToArray();
        foreach (int span in new[] { 2, 4, 8 })
        {
            ReadOnlyMemory<byte>[] merged = [.. parts.Chunk(span).Select(chunk => StatisticMerge.Merge(chunk, kinds: MixtureStatistics.Kinds))];
            StatisticMerge.Merge(merged, kinds: MixtureStatistics.Kinds).ToArray().ShouldBe(flat, $"groups of {span}");
        }

        // Shards of whole powers of two of chunks merge as one shard's chunks do.
        ReadOnlyMemory<byte>[] larger = [.. MixtureCase.Workers(rows, 8192, SimdSelection.Current)
            .Select(worker => worker.Execute(step.Encode(), new Threads(4)))];
        StatisticMerge.Merge(larger, kinds: MixtureStatistics.Kinds).ToArray().ShouldBe(flat, "larger shards");
    }

    private static MixtureResult Run(MixtureSpec spec, RowBlock rows, SimdWidth? width, IParallel parallel, bool whole, bool restore)
    {
        var trainer = new MixtureTrainer(spec, rows.Columns);
        IShardWorker[] workers = MixtureCase.Workers(rows, ShardRows, width);
        int steps = 0;
        while (trainer.Next is { } step)
        {
            ReadOnlyMemory<byte>[] parts = [.. workers.Select(worker => worker.Execute(step, parallel))];
            if (!whole)
                parts = [.. parts.Chunk(2).Select(chunk => StatisticMerge.Merge(chunk, kinds: MixtureStatistics.Kinds))];
            trainer.Advance(StatisticMerge.Merge(parts, kinds: MixtureStatistics.Kinds), parallel);
            if (!restore)
                continue;
            byte[] state = trainer.Save();
            trainer = MixtureTrainer.Restore(state);
            trainer.Save().ShouldBe(state);
            // New workers know no labels.
            if (++steps % 3 == 0)
                workers = MixtureCase.Workers(rows, ShardRows, width);
        }

        return trainer.Result!;
    }

    private static void Check(MixtureResult expected, MixtureResult actual, string how)
    {
        actual.Model.Digest.ShouldBe(expected.Model.Digest, how);
        actual.Model.Threshold.ShouldBe(expected.Model.Threshold, how);
        actual.Objective.ShouldBe(expected.Objective, how);
        actual.Criteria.ShouldBe(expected.Criteria, how);
        actual.Sizes.ShouldBe(expected.Sizes, how);
        actual.LabelWeights.ShouldBe(expected.LabelWeights, how);
        actual.FloorHits.ShouldBe(expected.FloorHits, how);
        actual.Warnings.ShouldBe(expected.Warnings, how);
        actual.Restarts.ShouldBe(expected.Restarts, how);
    }

    private static RowBlock Rows(CovarianceForm form)
    {
        double[] values = MixtureCase.Clusters(60 + (int)form, 13_000, 5, 4, 4, offset: 1e6);
        double[] weights = Train.WeightsFor(5, 13_000);
        return form == CovarianceForm.Tied
            ? new RowBlock(Array.ConvertAll(values, value => (float)(value - 1e6)), 5, weights)
            : new RowBlock(values, 5, weights);
    }

    private static RowBlock WithDuplicates()
    {
        double[] values = MixtureCase.Clusters(7, 9000, 2, 1, 1);
        for (int i = 0; i < 3000; i++)
            values[i * 6] = values[(i * 6) + 1] = 50;
        return new RowBlock(values, 2);
    }
}
