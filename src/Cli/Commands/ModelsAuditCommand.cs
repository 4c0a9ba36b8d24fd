using System.CommandLine;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models audit</c>: who did what to a model, and when.</summary>
internal static class ModelsAuditCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("NAME") { Description = "Model" };
        Option<int> last = OptionKinds.Integer("--last", "Tell the newest N changes", 20, 1, int.MaxValue);
        return new Command("audit", "Show who changed what of a model, and when: publications, aliases, tags, names, prunings") { model, last }
            .Runs(async (context, parsed) =>
        {
            string name = Names.Model(parsed.GetRequiredValue(model)) is { IsBare: true } wanted ? wanted.Name
                : throw CommandException.Usage("The audit trail is the model's: give its name alone.");
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline seen = await ModelsCommands.FindAsync(context, session.Client, name).ConfigureAwait(false);
            List<ModelEvent> events = await session.Client.Models.EventsAsync(name, context.Cancellation).Take(parsed.GetValue(last))
                .ToListAsync(context.Cancellation).ConfigureAwait(false);
            RegistryOutput.Write(context, seen, events);
            return ExitCode.Success;
        });
    }
}
