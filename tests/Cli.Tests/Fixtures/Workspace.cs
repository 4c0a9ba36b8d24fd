using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>A folder of a test's own, with a home in it.</summary>
/// <param name="run">Runs a command in a folder: in this process, or as one of its own.</param>
/// <param name="end">Called before the folder goes.</param>
internal sealed class Workspace(Func<string, string[], Task<Outcome>> run, Action? end = null) : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("orleanscluster-test-").FullName;

    public string Home => Path.Combine(Folder, "home");

    /// <summary>A path in the folder.</summary>
    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a command in the folder, on its home.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => run(Folder, [.. arguments, "--home", Home]);

    /// <summary>Runs a command that must succeed with <c>--report json</c>.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments) => (await RunAsync([.. arguments, "--report", "json"])).Json;

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return name;
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return name;
    }

    /// <summary>Writes rows as comma-separated text with a header <c>x0,x1,…</c>.</summary>
    public string Write(string name, double[,] rows)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Enumerable.Range(0, rows.GetLength(1)).Select(j => $"x{j}")).Append('\n');
        for (int i = 0; i < rows.GetLength(0); i++)
        {
            for (int j = 0; j < rows.GetLength(1); j++)
                text.Append(j > 0 ? "," : "").Append(rows[i, j].ToString("R", CultureInfo.InvariantCulture));
            text.Append('\n');
        }

        return Write(name, text.ToString());
    }

    public void Dispose()
    {
        end?.Invoke();
        Directory.Delete(Folder, recursive: true);
    }
}
