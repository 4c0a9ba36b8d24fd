using System.Runtime.InteropServices;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>Parameters beside the labels that answers give.</summary>
public sealed class ModelParametersTests
{
    [Theory]
    [InlineData("full", 4)]
    [InlineData("diag", 2)]
    [InlineData("spherical", 1)]
    [InlineData("tied", 0)]
    public void By_label_every_row_is_its_cluster_s_whatever_order_training_left(string covariance, int each)
    {
        // Cluster 7's row is all sevens: training left 5, 0, 9, 7.
        int[] labels = [5, 0, 9, 7];
        double[] shared = [1, 2, 3, 4];
        var parameters = new ModelParameters
        {
            K = 4,
            Columns = ["x", "y"],
            Centroids = Bytes([.. labels.SelectMany(label => Enumerable.Repeat((double)label, 2))]),
            Digest = "digest",
            Labels = [.. labels],
            Mixture = new MixtureShape
            {
                Covariance = covariance,
                Weights = Bytes([.. labels.Select(label => (double)label)]),
                Covariances = Bytes(each == 0 ? shared : [.. labels.SelectMany(label => Enumerable.Repeat((double)label, each))]),
                Threshold = -3,
            },
        };
        ModelParameters sorted = parameters.ByLabel();
        sorted.Labels.ShouldBe([0, 5, 7, 9]);
        Rows.Doubles(sorted.Centroids).ShouldBe([0, 0, 5, 5, 7, 7, 9, 9]);
        Rows.Doubles(sorted.Mixture!.Weights).ShouldBe([0, 5, 7, 9]);
        Rows.Doubles(sorted.Mixture.Covariances).ShouldBe(each == 0 ? shared : [.. new[] { 0.0, 5, 7, 9 }.SelectMany(label => Enumerable.Repeat(label, each))]);
        (sorted.Digest, sorted.Mixture.Threshold, sorted.Mixture.Covariance).ShouldBe(("digest", -3, covariance));
        (parameters with { Mixture = null }).ByLabel().Mixture.ShouldBeNull();
    }

    private static byte[] Bytes(double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
