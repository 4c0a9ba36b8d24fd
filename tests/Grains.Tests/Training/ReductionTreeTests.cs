using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

public sealed class ReductionTreeTests
{
    [Theory]
    [InlineData(1, 16, 0)]
    [InlineData(16, 16, 0)]
    [InlineData(17, 16, 1)]
    [InlineData(256, 16, 1)]
    [InlineData(257, 16, 2)]
    [InlineData(5, 2, 2)]
    public void The_tree_is_as_high_as_it_must_be(int shards, int fanIn, int top) => new ReductionTree(shards, fanIn).TopLevel.ShouldBe(top);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 2)]
    [InlineData(100, 4)]
    [InlineData(257, 16)]
    public void Every_shard_is_below_the_top_once_and_in_order(int shards, int fanIn)
    {
        var tree = new ReductionTree(shards, fanIn);
        Leaves(tree, tree.TopLevel, 0).ShouldBe(Enumerable.Range(0, shards));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(0)]
    public void A_fan_in_that_is_no_power_of_two_is_refused(int fanIn) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ReductionTree(10, fanIn)).Message.ShouldContain("power of two");

    [Fact]
    public void A_node_outside_the_tree_is_refused()
    {
        var tree = new ReductionTree(17, 16);
        tree.Children(0, 1).ShouldBe((16, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => tree.Children(0, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => tree.Children(2, 0));
    }

    private static IEnumerable<int> Leaves(ReductionTree tree, int level, int index)
    {
        (int first, int count) = tree.Children(level, index);
        IEnumerable<int> children = Enumerable.Range(first, count);
        return level == 0 ? children : children.SelectMany(child => Leaves(tree, level - 1, child));
    }
}
