using OrleansCluster.Cli.Output;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Tests;

/// <summary>Where a job stands, on one line.</summary>
public sealed class ProgressTests
{
    private static readonly JobStatus Status = new()
    {
        Id = "j",
        State = JobState.Running,
        Model = "m",
        Dataset = "d",
        DatasetVersion = 1,
        Rows = 1000,
        Phase = "iterate",
        Created = DateTimeOffset.UnixEpoch,
        K = 2,
        LargestK = 8,
        CurrentK = 3,
        Restart = 5,
        Restarts = 28,
        Iteration = 7,
        Objective = 12.5,
        Best = 10.25,
        RowsPerSecond = 2_000_000,
    };

    [Fact]
    public void The_best_so_far_stands_beside_the_newest() =>
        ProgressView.Sentence(Status).ShouldBe("iterating · k 3 of 2..8 · restart 6 of 28 · iteration 7 · objective 12.5 · best 10.25 · 2.0 M rows/s");

    [Fact]
    public void What_is_not_known_is_not_told() =>
        ProgressView.Sentence(Status with
        {
            LargestK = 0,
            CurrentK = 2,
            Restarts = 1,
            Best = double.NaN,
            Objective = double.NaN,
            RowsPerSecond = 0,
            Iteration = 0
        }).ShouldBe("iterating");

    [Theory]
    [InlineData(85, "iterating · k 3 of 2..8 · restart 6 of 28 · iteration 7 · objective 12.5 · best 10.25")]
    [InlineData(80, "iterating · k 3 of 2..8 · restart 6 of 28 · iteration 7 · best 10.25")]
    [InlineData(60, "iterating · k 3 of 2..8 · restart 6 of 28 · best 10.25")]
    [InlineData(40, "iterating · k 3 of 2..8 · best 10.25")]
    [InlineData(30, "iterating · k 3 of 2..8")]
    [InlineData(3, "iterating")]
    public void In_a_narrow_window_what_matters_least_is_left_out(int room, string sentence) => ProgressView.Sentence(Status, room).ShouldBe(sentence);
}
