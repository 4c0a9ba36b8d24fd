using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Steps;

namespace OrleansCluster.Numerics.Tests.Mixtures.Steps;

public sealed class SketchTests
{
    [Fact]
    public void Quantiles_lie_at_the_exact_ones_or_just_above()
    {
        var random = new Random(41);
        foreach (double scale in new[] { 0.1, 3, 80, 5e3, 1e9 })
        {
            double[] values = [.. Enumerable.Range(0, 5000).Select(_ => (MixtureCase.Normal(random) - 1) * scale)];
            var sketch = new DensitySketch();
            foreach (double value in values)
                sketch.Add(value, 1);
            Array.Sort(values);
            foreach (double share in new[] { 0.001, 0.01, 0.25, 0.5, 0.9, 0.9999 })
            {
                double exact = values[(int)Math.Ceiling(share * values.Length) - 1];
                double answer = sketch.Quantile(share);
                answer.ShouldBeGreaterThanOrEqualTo(exact);
                (answer - exact).ShouldBeLessThan(Math.Max(1.0 / 128, Math.Abs(exact) / 4096), $"scale {scale}, share {share}");
            }
        }
    }

    [Fact]
    public void Parts_merge_to_the_whole_and_survive_encoding()
    {
        var random = new Random(42);
        var whole = new DensitySketch();
        var merged = new DensitySketch();
        for (int part = 0; part < 5; part++)
        {
            var own = new DensitySketch();
            for (int i = 0; i < 300; i++)
            {
                (double value, double weight) = ((random.NextDouble() - 0.9) * 300, random.Next(1, 4));
                own.Add(value, weight);
                whole.Add(value, weight);
            }

            merged.MergeFrom(own);
        }

        var writer = new ByteWriter();
        merged.Write(writer);
        DensitySketch read = DensitySketch.Read(new ByteReader(writer.ToArray()));
        for (double share = 0.01; share < 1; share += 0.01)
        {
            merged.Quantile(share).ShouldBe(whole.Quantile(share));
            read.Quantile(share).ShouldBe(whole.Quantile(share));
        }
    }

    [Fact]
    public void Weight_counts_and_nothing_has_the_quantile_minus_infinity()
    {
        var sketch = new DensitySketch();
        sketch.Quantile(0.5).ShouldBe(double.NegativeInfinity);
        sketch.Add(-10, 1);
        sketch.Add(-1, 99);
        sketch.Quantile(0).ShouldBe(double.NegativeInfinity);
        sketch.Quantile(0.01).ShouldBe(-10);
        sketch.Quantile(0.02).ShouldBe(-1);
        sketch.Add(double.NegativeInfinity, 100);
        sketch.Quantile(0.5).ShouldBe(double.NegativeInfinity);
    }
}
