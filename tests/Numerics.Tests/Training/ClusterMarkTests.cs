using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Training;

/// <summary>Clusters in the warnings of a run.</summary>
public sealed class ClusterMarkTests
{
    [Theory]
    [InlineData("Clusters ‹0›, ‹12› and 3 more hold no row.", "Clusters 100, 112 and 3 more hold no row.")]
    [InlineData("Component ‹2› is component ‹0› once more", "Component 102 is component 100 once more")]
    [InlineData("No cluster at all, k = 3", "No cluster at all, k = 3")]
    [InlineData("‹7›", "107")]
    // What looks like a mark and is none stays.
    [InlineData("‹x› ‹› ‹3 and ‹-1›", "‹x› ‹› ‹3 and ‹-1›")]
    public void Marks_become_what_clusters_are_called(string warning, string told) => ClusterMark.Name(warning, position => $"{100 + position}").ShouldBe(told);

    [Fact]
    public void What_is_in_no_model_goes_by_its_number_in_the_run()
    {
        ClusterMark.Lose($"Components {ClusterMark.Of(1)}, {ClusterMark.Of(4)} collapsed").ShouldBe("Components #1, #4 collapsed");
        ClusterMark.Lose($"Component {ClusterMark.Lost(3)} was dropped").ShouldBe("Component #3 was dropped");
    }
}
