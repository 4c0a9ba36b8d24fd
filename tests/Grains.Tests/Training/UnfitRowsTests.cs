using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Rows that a training can only fail on are refused before there is a job, with their columns by name.</summary>
public sealed class UnfitRowsTests(SharedCluster shared)
{
    private readonly ClusteringClient _client = shared.NewTenant().Client();

    [Theory]
    [InlineData("full", 1, "Column 'beta' (position 1 from 0) is constant")]
    [InlineData("tied", 1, "Column 'beta' (position 1 from 0) is constant")]
    [InlineData("diag", 2, "The columns 'beta', 'gamma' are constant")]
    public async Task Constant_columns_are_named(string covariance, int constant, string why)
    {
        await Import("rows", [.. Enumerable.Range(0, 50).SelectMany(i => new double[] { i, 7, constant == 2 ? 3 : i * i })]);
        await Refused(Mixture("rows", 2) with { Options = new MixtureOptions { K = 2, Covariance = covariance } }, why);
        TrainingReport fitted = await _client.Train(Mixture("rows", 2) with { Options = new MixtureOptions { K = 2, Covariance = "spherical" } });
        fitted.K.ShouldBe(2);
    }

    [Fact]
    public async Task Too_few_distinct_rows_are_counted()
    {
        // Zeros of either sign are one value; the fourth row weighs nothing.
        await Import("rows", [0, 1, 2, -0.0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 0]);
        await Refused(Mixture("rows", 3), "k is 3, but the rows have only 2 distinct values: ask for at most 2 components.");
        await Refused(Mixture("rows", 3) with { Options = new MixtureOptions { K = 3, LargestK = 4 } }, "only 2 distinct values");
        await Refused(
            new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 3, Empty = "fail" } },
                "k is 3, but the rows have only 2 distinct values: ask for at most 2 clusters.");
        TrainingReport fewer = await _client.Train(new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 3 } });
        fewer.Clusters.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Rows_too_light_to_count_beside_the_heaviest_are_no_distinct_rows()
    {
        await Import("rows", [0, 1, 2, 1, 1, 3, 3, 4, 5, 6, 7, 8], [1, 2, 1e30, 0]);
        const string why = "k is 2, but 2 rows weigh too little to count beside the greatest weight in column 'w', 1E+30 of row 2, and the others have only "
            + "1 distinct value: ask for at most 1";
        await Refused(Mixture("rows", 2), $"{why} component.");
        await Refused(new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 2, Empty = "fail" } }, $"{why} cluster.");
    }

    [Fact]
    public async Task Weights_of_which_none_counts_are_refused_at_the_import()
    {
        (await Should.ThrowAsync<ClusteringException>(() => Import("rows", [0, 1, 2, 3, 4, 5], [0, 0]))).Message.ShouldContain(
            "Every weight in the weight column 'w' is 0");
        (await Should.ThrowAsync<ClusteringException>(() => Import("rows", [0, 1, 2, 3, 4, 5], [1, 1e300]))).Message.ShouldContain(
            "Row 1, weight column 'w': the weight 1E+300 is too great");
        (await _client.Datasets.FindAsync("rows")).ShouldBeNull();
    }

    [Fact]
    public async Task A_column_that_is_too_wide_is_named()
    {
        await Import("rows", [0, 1, 2, 5, 1e200, 2, 3, 2, 3]);
        await Refused(new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 2 } },
            "Column 'beta' (position 1 from 0) reaches from 1 to 1E+200");
        await Refused(Mixture("rows", 2), "Column 'beta' (position 1 from 0) has values that are too large");
    }

    [Fact]
    public async Task Columns_that_are_too_narrow_are_named()
    {
        await Import("rows", [0, 1e-300, 2, 0, 2e-300, 2, 0, 3e-300, 2]);
        await Refused(new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 2 } },
            "Column 'beta' (position 1 from 0) reaches from 1E-300 to 3E-300, too little for squared distances");
        await Import("one", [0, 1e-300, 2, 5, 2e-300, 2, 0, 3e-300, 9]);
        // The others tell the rows apart.
        (await _client.Train(new TrainingRequest { Dataset = "one", Model = "m", Options = new KMeansOptions { K = 2 } })).K.ShouldBe(2);
        await Refused(Mixture("one", 2), "Column 'beta' (position 1 from 0) reaches from 1E-300 to 3E-300");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Weights_that_add_up_to_one_serve_every_publication(bool mixture)
    {
        // Three far groups of twenty rows. A third version is the first to be measured against one that was aligned itself.
        double[] values = [.. Enumerable.Range(0, 60).SelectMany(i => new double[] { (i % 3 * 100) + (i % 7), i % 3 * 50, i % 5 })];
        await Import("rows", values, [.. Enumerable.Repeat(1 / 60.0, 60)]);
        TrainingRequest request = mixture ? Mixture("rows", 3) : new TrainingRequest { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = 3 } };
        if (mixture)
            request = request with { Options = new MixtureOptions { K = 3, Covariance = "spherical", Weights = "relative" } };
        for (int version = 1; version <= 3; version++)
            (await _client.Train(request)).Clusters.Sum(cluster => cluster.Weight).ShouldBe(1, 1e-12);

        VersionAlignment third = (await _client.Models.AlignmentAsync("m", 3))!;
        third.AdjustedRand.ShouldBe(1, 1e-12);
        third.Churn.ShouldBe(0);
    }

    private static TrainingRequest Mixture(string dataset, int k) => new() { Dataset = dataset, Model = "m", Options = new MixtureOptions { K = k } };

    private async Task Import(string name, double[] values, double[]? weights = null)
    {
        DatasetSchema schema = new() { Name = name, Columns = ["alpha", "beta", "gamma"], Precision = "f8", WeightColumn = weights is null ? null : "w" };
        await using IDatasetImport import = await _client.Datasets.ImportAsync(schema);
        await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), weights, []);
        await import.CommitAsync();
    }

    private async Task Refused(TrainingRequest request, string why)
    {
        int before = (await _client.Jobs.ListAsync()).Length;
        (await Should.ThrowAsync<ClusteringException>(_client.Jobs.StartAsync(request))).Message.ShouldContain(why);
        (await _client.Jobs.ListAsync()).Length.ShouldBe(before);
    }
}
