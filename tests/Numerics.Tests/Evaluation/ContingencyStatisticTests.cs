using OrleansCluster.Numerics.Evaluation;

namespace OrleansCluster.Numerics.Tests.Evaluation;

public class ContingencyStatisticTests
{
    [Fact]
    public void Shards_merge_in_any_order_to_the_same_table()
    {
        int[] a = Sequences.Lcg(500, 6, 1);
        int[] b = Sequences.Lcg(500, 4, 2);
        ContingencyTable whole = ContingencyTable.Of(a, b);
        foreach (int[] order in new[] { new[] { 0, 1, 2, 3, 4 }, [4, 2, 0, 3, 1] })
        {
            ContingencyStatistic merged = new();
            foreach (int shard in order)
            {
                ContingencyStatistic part = new();
                part.Accumulate(a.AsSpan(shard * 100, 100), b.AsSpan(shard * 100, 100));
                merged.MergeFrom(part);
            }

            merged.Finish().Cells.ShouldBe(whole.Cells);
        }

        whole.Total.ShouldBe(500);
        whole.RowTotals.ShouldBe([.. Enumerable.Range(0, 6).Select(label => (double)a.Count(x => x == label))]);
        whole.ColumnTotals.ShouldBe([.. Enumerable.Range(0, 4).Select(label => (double)b.Count(x => x == label))]);
        whole[2, 3].ShouldBe(a.Zip(b).Count(pair => pair == (2, 3)));
    }

    [Fact]
    public void A_given_shape_holds_labels_that_never_occurred()
    {
        ContingencyStatistic statistic = new();
        statistic.Accumulate(1, 2);
        ContingencyTable table = statistic.Finish(3, 4);
        (table.Rows, table.Columns).ShouldBe((3, 4));
        table[1, 2].ShouldBe(1);
        table[2, 2].ShouldBe(0);
        table.Transpose()[2, 1].ShouldBe(1);
        Should.Throw<ArgumentException>(() => statistic.Finish(3, 2)).Message.ShouldContain("labels 1 and 2");
    }

    [Fact]
    public void Rows_without_weight_leave_no_trace_and_bad_weights_are_named()
    {
        ContingencyTable.Of(new[] { 5, 1 }, new[] { 5, 1 }, [0.0, 2]).RowLabels.ShouldBe([1]);
        Should.Throw<ArgumentException>(() => ContingencyTable.Of(new[] { 0, 1 }, new[] { 0, 1 }, [1.0, double.NaN])).Message.ShouldContain("Row 1");
        Should.Throw<ArgumentException>(() => ContingencyTable.Of(new[] { 0, 1 }, new[] { 0 })).Message.ShouldContain("2 and 1 labels");
    }
}
