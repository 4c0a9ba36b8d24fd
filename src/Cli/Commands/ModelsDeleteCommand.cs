using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models delete</c>.</summary>
internal static class ModelsDeleteCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Model, or one version of it: a number, an alias or newest" };
        var options = new DeletionOptions();
        (Option<long?> revision, Option<string?> reason) = (ModelChangeCommands.Revision(), ModelChangeCommands.Reason());
        var command = new Command("delete", "Delete a model with all that is said of it, or one version; numbers of versions are not given again")
        {
            name, revision, reason,
        };
        options.AddTo(command);
        return command.Runs(async (context, parsed) =>
        {
            ModelReference wanted = Names.Model(parsed.GetRequiredValue(name));
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline seen = await ModelsCommands.FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
            int version = wanted.IsBare ? 0 : ModelsCommands.Pick(seen, wanted).Version;
            string what = version == 0 ? $"the model {seen.Name}" : string.Create(CultureInfo.InvariantCulture, $"{seen.Name} version {version}");
            if (!await options.IsWantedAsync(context, parsed, what).ConfigureAwait(false))
                return ExitCode.Failure;
            ModelChange change = ModelChangeCommands.ChangeOf(session.Client, seen, parsed.GetValue(revision), parsed.GetValue(reason));
            ImmutableArray<string> lost = await ModelChangeCommands.AskAsync(
                context, session.Client, seen.Name, change,
                () => session.Client.Models.DeleteAsync(seen.Name, change, version, options.Force(parsed), context.Cancellation)).ConfigureAwait(false);
            DeletionOptions.Tell(
                context, $"Deleted {what}.", "model", seen.Name, version == 0 ? [.. seen.Versions.Select(one => one.Version)] : [version],
                [.. lost.Select(need => $"{need} no more")]);
            return ExitCode.Success;
        });
    }
}
