using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Descriptions;

/// <summary>The examples of the pages, as they stand, from top to bottom; only the port is another.</summary>
public sealed class DocumentationTests(Service service)
{
    [Fact]
    public async Task The_examples_work_in_their_order_and_all_protocols_answer_alike()
    {
        Assert.SkipUnless(Has("bash") && Has("curl"), "bash or curl is not there");
        string[] page = await File.ReadAllLinesAsync(Service.InRepository("docs/http.md"));
        (string Kind, string Text)[] blocks =
            [.. Blocks(page), .. Blocks(await File.ReadAllLinesAsync(Service.InRepository("README.md"))).Where(block => block.Kind == "bash")];
        blocks.Length.ShouldBe(6);
        string[] output = new string[blocks.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].Kind == "python" && !Has("python3"))
                continue;
            output[i] = await RunAsync(blocks[i].Kind == "bash" ? "bash"
                : "python3", blocks[i].Text.Replace("127.0.0.1:8080", $"127.0.0.1:{service.Address.Port}", StringComparison.Ordinal));
        }

        JsonDocument.Parse(output[0]).RootElement.GetProperty("rows").GetInt64().ShouldBe(418);
        output[1].ShouldContain("\"state\":\"succeeded\"");
        int[] labels = [.. JsonDocument.Parse(output[2]).RootElement.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
        labels.Length.ShouldBe(2);
        if (Has("python3"))
            output[3].Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([.. Enumerable.Repeat($"[{labels[0]}, {labels[1]}]", 3)]);
        // What the first walk-through of the README shows, too.
        output[4].ShouldContain("Paris,1,25.97");
        output[4].ShouldContain("\"revision\":2");
        output[5].ShouldContain("\"labels\":[1]");
    }

    private static IEnumerable<(string Kind, string Text)> Blocks(string[] page)
    {
        (string? kind, StringBuilder text) = (null, new StringBuilder());
        foreach (string line in page)
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
                continue;
            }

            if (kind is "bash" or "python")
                yield return (kind, text.ToString());
            kind = kind is null ? line[3..] : null;
            text.Clear();
        }
    }

    private static bool Has(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(string program, string text)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Service.InRepository("."), RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(text);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{text}\n{await error}{await output}");
        return await output;
    }
}
