using System.Runtime.InteropServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Tests;

/// <summary>Files of answers have the names of clusters beside their ids, where there are any.</summary>
public sealed class NamesInFilesTests : IDisposable
{
    private static readonly ClusterNames Named = new([new ClusterNote { Cluster = 3, Name = "north, far" }, new ClusterNote { Cluster = 5, Name = "" }]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("names-tests-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "answers.csv");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Only_names_of_the_clusters_asked_about_count()
    {
        Named.Any.ShouldBeTrue();
        Named.Among([1, 3]).Of(3).ShouldBe("north, far");
        Named.Among([1, 5]).Any.ShouldBeFalse();
        ClusterNames.None.Any.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, false, "row,cluster,distance,cluster_name", "0,3,0.5,\"north, far\"", "1,5,2,")]
    [InlineData(true, true, "row,cluster,distance,version,cluster_name", "0,3,0.5,2,\"north, far\"", "1,5,2,2,")]
    [InlineData(false, false, "row,cluster,distance", "0,3,0.5", "1,5,2")]
    public void Assignments_have_a_column_of_names_where_there_are_any(bool named, bool routed, params string[] lines)
    {
        using (AssignmentFile file = AssignmentFile.Create(Path, null, routed, named ? Named : Named.Among([5])))
        {
            file.Add(Rows(), new Assignments { Version = 2, Labels = Bytes([3, 5]), Distances = Bytes([0.5, 2.0]) });
            file.Commit();
        }

        File.ReadAllLines(Path).ShouldBe(lines);
    }

    [Theory]
    [InlineData(true, "id,cluster,log_density,score,anomaly,component_1,responsibility_1,cluster_name", "a,3,-1,-1,0,3,0.75,\"north, far\"", "b,5,-4,2,1,5,1,")]
    [InlineData(false, "id,cluster,log_density,score,anomaly,component_1,responsibility_1", "a,3,-1,-1,0,3,0.75", "b,5,-4,2,1,5,1")]
    public void Scores_have_a_column_of_names_where_there_are_any(bool named, params string[] lines)
    {
        using (ScoreFile file = ScoreFile.Create(Path, "id", 1, named ? Named : ClusterNames.None))
        {
            file.Add(Rows("a", "b"), new ScoredRows(new Scores
            {
                Version = 2,
                Top = 1,
                LogDensities = Bytes([-1.0, -4.0]),
                Components = Bytes([3, 5]),
                Responsibilities = Bytes([0.75, 1.0]),
                Threshold = -2,
            }));
            file.Commit();
        }

        File.ReadAllLines(Path).ShouldBe(lines);
    }

    private static RowBatch Rows(params string[] ids) => new()
    {
        FirstRow = 0,
        Rows = 2,
        Columns = 0,
        Precision = Precision.Float64,
        Values = default,
        Weights = default,
        Ids = [.. ids],
    };

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();
}
