using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Statistics;

/// <summary>The first value that is no finite number, wherever it is in a vector or behind the last.</summary>
public sealed class FiniteValuesTests
{
    [Fact]
    public void The_first_value_that_is_not_finite_is_found_wherever_it_is()
    {
        foreach (double other in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            for (int at = 0; at < 70; at++)
            {
                double[] wide = [.. Enumerable.Range(0, 71).Select(i => i == at || i == 70 ? other : double.MaxValue * (i % 3 - 1))];
                float[] narrow = [.. wide.Select((value, i) => i == at || i == 70 ? (float)other : float.MinValue * (i % 3 - 1))];
                FiniteValues.FirstOther(wide).ShouldBe(at);
                FiniteValues.FirstOther(narrow).ShouldBe(at);
            }
        }
    }

    [Fact]
    public void There_is_none_among_finite_numbers()
    {
        FiniteValues.FirstOther(ReadOnlySpan<double>.Empty).ShouldBe(-1);
        FiniteValues.FirstOther([0f, -0f, float.MaxValue, float.MinValue, float.Epsilon, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f]).ShouldBe(-1);
        FiniteValues.FirstOther([0d, -0d, double.MaxValue, double.MinValue, double.Epsilon, 1d, 2d, 3d, 4d]).ShouldBe(-1);
    }
}
