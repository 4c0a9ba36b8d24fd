using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>What a step's parameters are made into is made once, however many shards ask.</summary>
public sealed class PreparedStepTests
{
    private static readonly MixtureStep Step = new()
    {
        Source = ResponsibilitySource.Nearest,
        Reduction = MixtureReduction.Moments,
        Form = CovarianceForm.Diagonal,
        K = 2,
        Origins = [0, 0],
        Centres = [1, 2, 3, 4],
    };

    [Fact]
    public void All_shards_of_a_silo_get_one_object()
    {
        EncodedStep step = Step.Encode();
        PreparedStep[] asked = new PreparedStep[64];
        Parallel.For(0, asked.Length, i => asked[i] = step.Content(PreparedStep.Decode));
        asked.ShouldAllBe(one => ReferenceEquals(one, asked[0]));
        asked.ShouldAllBe(one => ReferenceEquals(one.Nearest, asked[0].Nearest));
        asked[0].Factors.ShouldBeNull();
        asked[0].Table.ShouldBeNull();
    }

    [Fact]
    public void Those_who_compute_it_over_a_part_of_the_rows_do_so_too()
    {
        EncodedStep step = new HoldOut(3, 0.2).Over(RowPart.Fitted, Step.Encode());
        PartStep one = step.Content(HoldOut.Decode), other = step.Content(HoldOut.Decode);
        other.Step.Content(PreparedStep.Decode).ShouldBeSameAs(one.Step.Content(PreparedStep.Decode));
        one.HoldOut.ShouldBe(new HoldOut(3, 0.2));
    }
}
