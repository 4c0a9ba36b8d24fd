namespace OrleansCluster.Cli.Tests;

/// <summary>Refusals of commands that look for something by its name.</summary>
[Collection(nameof(CommandLine))]
public sealed class RefusalTests
{
    [Fact]
    public async Task What_is_not_there_is_named_with_what_was_probably_meant()
    {
        string root = Directory.CreateTempSubdirectory("orleanscluster-refusal-").FullName;
        try
        {
            string folder = Directory.CreateDirectory(Path.Combine(root, "work")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "shops.csv"), "x,y\n0,0\n0,1\n10,10\n10,11\n");
            (await CommandLine.RunAsync(folder, "train", "kmeans", "--data", "shops.csv", "--k", "2")).ExitCode.ShouldBe(ExitCode.Success);

            await RefusedAsync(folder, "models show shop", "There is no model 'shop' in ", ": did you mean shops? See: cluster models list");
            await RefusedAsync(folder, "assign --model Shops@1 --data shops.csv", "There is no model 'Shops' in ", ": did you mean shops?");
            await RefusedAsync(folder, "datasets show shosp", "There is no dataset 'shosp' in ", ": did you mean shops? See: cluster datasets list");
            await RefusedAsync(folder, "models show warehouse", "There is no model 'warehouse' in ", ". See: cluster models list");
            await RefusedAsync(folder, "modles list", "There is no command 'modles'", "did you mean models?", "Try: cluster --help");
            await RefusedAsync(folder, "train kmeens --help", "train has no command 'kmeens'", "Try: cluster train --help");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Help_is_a_command_too()
    {
        string folder = Path.GetTempPath();
        (int code, string output, _) = await CommandLine.RunAsync(folder, "help", "train", "kmeans");
        code.ShouldBe(ExitCode.Success);
        output.ShouldBe((await CommandLine.RunAsync(folder, "train", "kmeans", "--help")).Output);
        (code, output, _) = await CommandLine.RunAsync(folder, "help");
        code.ShouldBe(ExitCode.Success);
        output.ShouldContain("datasets");
    }

    private static async Task RefusedAsync(string folder, string line, params string[] mentions)
    {
        (int code, string output, string error) = await CommandLine.RunAsync(folder, line.Split(' '));
        code.ShouldBe(ExitCode.Usage, error);
        output.ShouldBeEmpty();
        foreach (string mention in mentions)
            error.ShouldContain(mention);
    }
}
