using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary><c>train --plan</c> and <c>retrain --plan | --out</c>.</summary>
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

    [Fact]
    public async Task A_retraining_tells_its_plan_and_writes_the_clusters_of_its_rows()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string data = work.Write("blobs.csv", Blobs.Make(500, 3, 4));
        await work.JsonAsync("train", "kmeans", "--data", data, "--k", "4", "--restarts", "2", "--max-iterations", "10", "--model", "m");
        JsonElement plan = await work.JsonAsync("retrain", "m", "--data", "blobs", "--plan");
        (plan.GetProperty("rows").GetInt64(), plan.GetProperty("clusters").GetInt32()).ShouldBe((500, 4));
        // One start, from the champion's parameters, where the training had two to find.
        plan.GetProperty("starts").GetInt32().ShouldBe(1);
        (await work.RunAsync("retrain", "m", "--data", "blobs", "--plan", "--report", "html")).Refused(2).ShouldContain("--plan trains none");
        (await work.RunAsync("retrain", "m", "--data", "blobs", "--out", "labels.txt")).Refused(2).ShouldContain("labels.txt ends in none of");
        (await work.JsonAsync("models", "show", "m")).GetProperty("versions").GetArrayLength().ShouldBe(1);

        (await work.JsonAsync("retrain", "m", "--data", "blobs", "--out", "trained.csv")).GetProperty("version").GetInt32().ShouldBe(2);
        await work.JsonAsync("assign", "--model", "m@2", "--data", data, "--out", "asked.csv");
        File.ReadAllText(work.At("trained.csv")).ShouldBe(File.ReadAllText(work.At("asked.csv")));
    }
}
