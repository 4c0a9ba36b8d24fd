using System.Diagnostics.Metrics;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>How many series there are, whatever is trained and asked.</summary>
public sealed class LabelBoundTests
{
    [Fact]
    public void A_thousand_tenants_have_no_more_series_than_the_bound_and_the_rest_is_other()
    {
        var labels = new ModelLabels(ClusterTelemetry.MostModels);
        var series = new HashSet<string>();
        for (int tenant = 0; tenant < 1000; tenant++)
        {
            for (int version = 0; version < 3; version++)
                series.Add(Text(labels.Of($"t{tenant}", "m", version)));
        }

        series.Count.ShouldBe(ClusterTelemetry.MostModels + 2);
        series.ShouldContain("tenant=t0,model=m,model_version=2");
        series.ShouldContain("tenant=other,model=other,model_version=other");
        labels.Of("t0", "m", 2).ShouldBeSameAs(labels.Of("t0", "m", 2));
    }

    [Fact]
    public void A_name_that_somebody_asks_for_is_no_series()
    {
        var labels = new ModelLabels(10);
        labels.Of("t", "m");
        Text(labels.Known("t", "m")).ShouldBe("tenant=t,model=m");
        Text(labels.Known("t", "guessed")).ShouldBe("tenant=other,model=other");
    }

    [Fact]
    public void Of_ten_thousand_clusters_a_few_are_told_apart_and_no_row_is_lost()
    {
        var labels = new ModelLabels(1000);
        var rows = new AnsweredRows(ClusterTelemetry.MostClusters, ClusterTelemetry.MostClusteredVersions);
        int[] clusters = [.. Enumerable.Range(0, 10_000), 3, 3, -1];
        for (int tenant = 0; tenant < 1000; tenant++)
            rows.Add(labels.Of($"t{tenant}", "m", 1), clusters.Length, clusters);
        Measurement<long>[] told = [.. rows.TellClusters()];
        told.Length.ShouldBe((ClusterTelemetry.MostClusters + 1) * ClusterTelemetry.MostClusteredVersions);
        told.Length.ShouldBeLessThan(2000, "What collects keeps no more of an instrument.");
        Measurement<long>[] one = [.. told.Where(row => row.Tags[0].Value is "t0")];
        one.Sum(row => row.Value).ShouldBe(clusters.Length);
        one.Single(row => row.Tags[3].Value is "3").Value.ShouldBe(3);
        rows.Tell().Count().ShouldBe(1000);
        rows.Tell().ShouldAllBe(version => version.Value == clusters.Length);
        one.Single(row => row.Tags[3].Value is "other").Value.ShouldBe(10_000 - ClusterTelemetry.MostClusters + 1);
    }

    private static string Text(KeyValuePair<string, object?>[] labels) => string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"));
}
