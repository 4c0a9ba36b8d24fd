using System.Runtime.InteropServices;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>Parameters beside the labels that answers give.</summary>
public sealed class ModelParametersTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0)]
    public void By_label_every_row_is_its_cluster_s_whatever_order_training_left(int each)
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
            Arrays =
            [
                new NamedArray { Name = "weights", Shape = [4], Values = Bytes([.. labels.Select(label => (double)label)]) },
                new NamedArray
                {
                    Name = "shapes", Shape = each == 0 ? [2, 2] : [4, each], PerCluster = each > 0,
                    Values = Bytes(each == 0 ? shared : [.. labels.SelectMany(label => Enumerable.Repeat((double)label, each))]),
                },
            ],
        };
        ModelParameters sorted = parameters.ByLabel();
        sorted.Labels.ShouldBe([0, 5, 7, 9]);
        Rows.Doubles(sorted.Centroids).ShouldBe([0, 0, 5, 5, 7, 7, 9, 9]);
        Rows.Doubles(sorted.Arrays[0].Values).ShouldBe([0, 5, 7, 9]);
        Rows.Doubles(sorted.Arrays[1].Values).ShouldBe(each == 0 ? shared : [.. new[] { 0.0, 5, 7, 9 }.SelectMany(label => Enumerable.Repeat(label, each))]);
        sorted.Digest.ShouldBe("digest");
    }

    private static byte[] Bytes(double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
