using OrleansCluster.Client;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Grains.Tests.Preparation;

/// <summary>What the builder writes is read as it was meant.</summary>
public sealed class PreparationBuilderTests
{
    [Fact]
    public void Every_step_is_read()
    {
        PreparationBuilder builder = new PreparationBuilder()
            .Select("a", "b, c", "d\"e").Indicator().Impute("median").Impute(-1.5, "a").Scale("robust", "a").Clip(0.01, 0.99)
            .Log1p("a").Sqrt().YeoJohnson("a").Unit().OneHot(20, "b, c").Ordinal("x").Hash(8)
            .Cycle("hour+month", "when").Weigh(2, "a").Principal(0.95).Principal(3, whiten: true);
        PreparationSpec spec = PreparationSpec.Parse(builder.ToString());
        spec.Steps.Select(step => $"{step.Kind}|{step.Value}|{string.Join('/', step.Columns)}").ShouldBe(
        [
            "select||a/b, c/d\"e", "indicator||", "impute|median|", "impute|-1.5|a", "scale|robust|a", "clip|0.01..0.99|",
            "log1p||a", "sqrt||", "yeojohnson||a", "unit||", "onehot|20|b, c", "ordinal||x", "hash|8|",
            "cycle|hour+month|when", "weigh|2|a", "pca|0.95|", "whiten|3|",
        ]);
    }
}
