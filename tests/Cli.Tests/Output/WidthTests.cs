using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Models;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Tests;

/// <summary>What the command lists, in windows of 60, 80, 100 and 120 columns and in a pipe.</summary>
public sealed class WidthTests
{
    private const int Pipe = 1_000_000;
    private static readonly ClusterNote[] Notes = [new() { Cluster = 1, Name = "Europa & Нордафрика" }, new() { Cluster = 4, Name = "日本と韓国の都市" }];

    /// <summary>The heads that stand in a window, for each listing.</summary>
    public static TheoryData<string, int, string> Heads => new()
    {
        { "models", 60, "model versions k objective aliases" },
        { "models", 80, "model versions k objective created aliases" },
        { "models", 100, "model algorithm versions k columns objective created aliases" },
        { "models", 120, "model algorithm versions k columns objective created aliases" },
        { "models", Pipe, "model algorithm versions k columns objective created aliases" },
        { "versions", 60, "version k objective remarks" },
        { "versions", 80, "version k objective dataset created remarks" },
        { "versions", 100, "version k objective dataset job created remarks" },
        { "versions", 120, "version k objective seed dataset job created remarks" },
        { "versions", Pipe, "version k objective seed restarts dataset job created digest remarks" },
        { "jobs", 60, "job state model k objective" },
        { "jobs", 80, "job state model k objective" },
        { "jobs", 100, "job state model dataset k objective created" },
        { "jobs", 120, "job state model dataset k restart objective created" },
        { "jobs", Pipe, "job state model dataset k restart objective created" },
        { "datasets", 60, "dataset version rows columns" },
        { "datasets", 80, "dataset version rows columns created source" },
        { "datasets", 100, "dataset version rows columns stored as size created source" },
        { "datasets", 120, "dataset version rows columns stored as size created source" },
        { "datasets", Pipe, "dataset version rows columns stored as size created source" },
        { "audit", 60, "revision when what why" },
        { "audit", 80, "revision when who what why" },
        { "audit", 100, "revision when who what why" },
        { "audit", 120, "revision when who what why" },
        { "audit", Pipe, "revision when who what why" },
        { "choice", 60, "k inertia silhouette calinski-harabasz" },
        { "choice", 80, "k inertia silhouette calinski-harabasz davies-bouldin" },
        { "choice", 100, "k inertia silhouette calinski-harabasz davies-bouldin elbow start curve" },
        { "choice", 120, "k inertia silhouette calinski-harabasz davies-bouldin elbow start curve" },
        { "choice", Pipe, "k inertia silhouette calinski-harabasz davies-bouldin elbow start curve" },
        { "training", 60, "cluster name size share nearest" },
        { "training", 80, "cluster name size share spread nearest distance" },
        { "training", 100, "cluster name size share spread nearest distance" },
        { "training", Pipe, "cluster name size share spread nearest distance" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_less_important_columns_leave_first_and_are_named(string listing, int width, string heads)
    {
        string[] lines = Write(listing, width).Lines;
        int at = Array.FindIndex(lines, line => heads.Split(' ').All(head => line.Split(' ').Contains(head)));
        at.ShouldBeGreaterThanOrEqualTo(0, string.Join('\n', lines));
        string.Join(' ', lines[at].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(heads);
        string text = string.Join(' ', lines.Select(line => line.Trim()));
        text.Contains("no room for", StringComparison.Ordinal)
            .ShouldBe(heads.Length < Heads.Where(row => row.Data.Item1 == listing).Max(row => row.Data.Item3.Length));
    }

    public static TheoryData<string, int> Windows => new(
        from listing in new[] { "models", "versions", "jobs", "datasets", "audit", "choice", "training" }
        from width in new[] { 60, 80, 100, 120 }
        select (listing, width));

    [Theory]
    [MemberData(nameof(Windows))]
    public void Nothing_is_wider_than_the_window(string listing, int width) =>
        Write(listing, width).TooWide.Where(line => !line.Contains("digest", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Windows))]
    public void Numbers_are_whole(string listing, int width)
    {
        string[] numbers = listing switch
        {
            "models" => ["146,059.542059", "6", "3"],
            "versions" => ["438,178.626176", "219,089.313088", "146,059.542059", "6"],
            "jobs" => ["1,408,778.354868", "789,527.123456"],
            "datasets" => ["1,234,567", "12"],
            "audit" => ["7", "6", "1"],
            "choice" => ["704,389", "469,593", "0.5000", "12"],
            _ => ["6,000", "28.6%", "1,000"],
        };
        string[] words = Write(listing, width).Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (string number in numbers)
            words.ShouldContain(number);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Names_of_clusters_stand_beside_their_ids(int width)
    {
        string text = Write("training", width).Text;
        text.ShouldContain("1  Europa & Нордафрика");
        text.ShouldContain("4  日本と韓国の都市");
    }

    [Fact]
    public void A_pipe_gets_names_and_sentences_whole()
    {
        Write("models", Pipe).Text.ShouldContain(Samples.LongName);
        Write("audit", Pipe).Text.ShouldContain("champion → version 2 (was 1)");
        Write("audit", Pipe).Text.ShouldContain("the whole team agreed on it after looking at the pictures");
        Write("datasets", Pipe).Text.ShouldContain("/data/warehouse/exports/2026/03/customers.csv.gz");
    }

    private static Screen Write(string listing, int width)
    {
        var screen = new Screen(width);
        using var context = new CommandContext(CommandTree.Create().Parse(["models", "list", "--home", Path.GetTempPath()]),
            new Terminal(() => screen.Console, () => screen.Console));
        ModelOutline model = Samples.Model(Samples.LongName, Notes);
        switch (listing)
        {
            case "models":
                ModelOutput.Write(context, [model, Samples.Model("shops")]);
                break;
            case "versions":
                ModelOutput.WriteVersions(context, model);
                break;
            case "jobs":
                JobOutput.Write(context, [Samples.Job(Samples.LongName, JobState.Running), Samples.Job("shops", JobState.Succeeded)]);
                break;
            case "datasets":
                DatasetOutput.Write(context, [Samples.Dataset(Samples.LongName), Samples.Dataset("shops")]);
                break;
            case "audit":
                RegistryOutput.Write(context, model, Samples.Events);
                break;
            case "choice":
                SelectionTable.Write(screen.Console, Samples.Choice());
                break;
            default:
                TrainingText.Write(context.Terminal, Samples.Report(model.Name, 3, 438_178.626176 / 3, 0, 1, 2, 3, 4, 5), null,
                    [.. Enumerable.Range(0, 12).Select(i => (double)i * i)], null, null, new ClusterNames(Notes), 0);
                break;
        }

        return screen;
    }
}
