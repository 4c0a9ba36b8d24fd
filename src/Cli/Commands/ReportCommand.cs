using System.CommandLine;
using System.Text;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>report</c>: what the pages show of a version, as one file to hand on.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL[@VERSION]")
        {
            Description = "The version: a number, an alias or newest [default: the champion, else the newest]",
        };
        var output = new Option<string?>("--out") { Description = "File to write [default: standard output]", HelpName = "FILE.html" };
        return new Command("report", "A version of a model as one HTML file that needs nothing else: training, gate, clusters, profiles, map") { model, output }
            .Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(model), parsed.GetValue(output)), pages: true);
    }

    private static async Task<int> RunAsync(CommandContext context, string text, string? output)
    {
        ModelReference wanted = Names.Model(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
        int version = ModelsCommands.Pick(model, wanted).Version;
        string page = await ReportPage.RenderAsync(session.Client, model, version, context.Cancellation).ConfigureAwait(false);
        if (output is null)
        {
            Console.Out.Write(page);
            return ExitCode.Success;
        }

        AtomicFile.Write(output, Encoding.UTF8.GetBytes(page));
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                json.WriteNumber("version", version);
                json.WriteString("file", Path.GetFullPath(output));
                json.WriteEndObject();
            });
        }
        else
        {
            Terminal.Say($"Wrote {output}. Open it in a browser; it needs nothing else.");
        }

        return ExitCode.Success;
    }
}
