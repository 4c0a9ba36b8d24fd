using System.CommandLine;
using System.Text;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models diff</c>: what became of the clusters between two versions.</summary>
internal static class ModelsDiffCommand
{
    public static Command Create()
    {
        var from = new Argument<string>("NAME@VERSION") { Description = "The earlier version: a number, an alias or newest" };
        var to = new Argument<string>("[NAME]@VERSION") { Description = "The later version" };
        var output = new Option<string?>("--out") { Description = "File for --report html [default: standard output]", HelpName = "FILE.html" };
        return new Command("diff",
            "Compare the clusters of two versions: which stayed, moved, were born, died, split or merged. --report html draws the flows") { from, to, output }
            .Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(output)), pages: true);
    }

    private static async Task<int> RunAsync(CommandContext context, string first, string second, string? output)
    {
        ModelReference from = Names.Model(first), to = Names.Model(second.StartsWith('@') ? from.Name + second : second);
        if (from.Name != to.Name)
            throw CommandException.Usage($"'{from.Name}' and '{to.Name}' are two models: clusters keep their ids within a model, so give two versions of "
                + $"one, as in {from.Name}@1 {from.Name}@2.");
        if (output is not null && !context.Page)
            throw CommandException.Usage("--out names the file of a page: add --report html.");
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, from.Name).ConfigureAwait(false);
        (VersionSummary one, VersionSummary other) =
            (ModelsCommands.Kept(ModelsCommands.Pick(model, from)), ModelsCommands.Kept(ModelsCommands.Pick(model, to)));
        ModelVersion before = await ModelsCommands.WholeAsync(context, session.Client, one).ConfigureAwait(false);
        ModelVersion after = await ModelsCommands.WholeAsync(context, session.Client, other).ConfigureAwait(false);
        VersionAlignment alignment = await session.Client.Models.CompareAsync(model.Name, before.Version, after.Version, context.Cancellation)
            .ConfigureAwait(false);
        var diff = new VersionDiff(model, before, after, alignment);
        if (context.Json)
            JsonReport.Print(json => DiffJson.Write(json, diff));
        else if (context.Page)
            WritePage(context, diff, output);
        else
            DiffText.Write(context, diff);
        return ExitCode.Success;
    }

    private static void WritePage(CommandContext context, VersionDiff diff, string? output)
    {
        string page = DiffPage.Create(diff);
        if (output is null)
        {
            Console.Out.Write(page);
            return;
        }

        AtomicFile.Write(output, Encoding.UTF8.GetBytes(page));
        Terminal.Say($"Wrote {output}. Open it in a browser; it needs nothing else.");
    }
}
