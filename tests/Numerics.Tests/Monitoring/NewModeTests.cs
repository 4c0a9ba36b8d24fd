using OrleansCluster.Numerics.Monitoring;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>Which far rows are called a new mode: one reference cluster around (0, 0) whose rows are about 1.2 away, and 1 % of them beyond 3.</summary>
public sealed class NewModeTests
{
    [Fact]
    public void Rows_far_away_and_close_together_are_one()
    {
        NewMode mode = Find(200, i => (10 + Noise(i), -4 + Noise(i + 500))).ShouldNotBeNull();
        mode.Rows.ShouldBe(200);
        mode.Share.ShouldBe(0.1, 1e-12);
        mode.Centre[0].ShouldBe(10, 0.1);
        mode.Centre[1].ShouldBe(-4, 0.1);
    }

    [Fact]
    public void Tails_around_the_cluster_are_none() => Find(200, i => (3.2 * Math.Cos(i), 3.2 * Math.Sin(i))).ShouldBeNull();

    /// <summary>The tail of a wider normal column, which is dense where it begins.</summary>
    [Fact]
    public void The_beginning_of_a_tail_is_none() => Find(200, i => (3 + (0.9 * -Math.Log((i + 0.5) / 200)), 0)).ShouldBeNull();

    [Fact]
    public void As_many_far_rows_as_the_training_had_are_none() => Find(25, i => (10 + Noise(i), -4)).ShouldBeNull();

    [Fact]
    public void Scattered_rows_are_none() => Find(200, i => (1000 * Noise(i), 1000 * Noise(i + 500))).ShouldBeNull();

    private static NewMode? Find(int count, Func<int, (double X, double Y)> row)
    {
        var far = new FarRows();
        for (int i = 0; i < count; i++)
            far.Add([row(i).X, row(i).Y], Math.Sqrt((row(i).X * row(i).X) + (row(i).Y * row(i).Y)));
        return NewMode.Find(far, 2000, expected: 0.01, radius: 1.2, beyond: 3, new DriftRules(), tests: 4);
    }

    private static double Noise(int i) => (i * 7919 % 1000 / 1000.0) - 0.5;
}
