using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary><c>train --plan</c>.</summary>
[Collection(nameof(CommandLine))]
public sealed class PlanTests
{
    [Fact]
    public async Task A_plan_tells_what_a_training_takes_and_trains_nothing()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string data = work.Write("blobs.csv", Blobs.Make(500, 3, 4));
        string[] train = ["train", "kmeans", "--data", data, "--k", "4", "--restarts", "2", "--max-iterations", "10", "--threads", "1", "--plan"];
        JsonElement plan = await work.JsonAsync(train);
        plan.GetProperty("rows").GetInt64().ShouldBe(500);
        plan.GetProperty("columns").GetInt32().ShouldBe(3);
        plan.GetProperty("mapped_bytes").GetInt64().ShouldBe(500 * 3 * 8);
        plan.GetProperty("threads").GetInt32().ShouldBe(1);
        // Three of every training, and of each start four to begin and ten iterations.
        plan.GetProperty("most_passes").GetInt64().ShouldBe(3 + (2 * (4 + 10)));
        // One step to the shard, one answer; one of the reducer.
        plan.GetProperty("iteration_messages").GetInt64().ShouldBe(4);
        plan.GetProperty("fits").GetBoolean().ShouldBeTrue();
        (await work.RunAsync(train)).Succeeded().Output.ShouldContain("at most 31 over the rows");
        (await work.RunAsync("models", "list")).Output.ShouldNotContain("blobs");
    }
}
