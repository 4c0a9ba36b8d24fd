using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models promote | rollback | alias | tag | describe | name-cluster | prune</c>: what people say of versions.</summary>
internal static class ModelChangeCommands
{
    public static IEnumerable<Command> Create() =>
        [Promote(), Rollback(), Alias(), Tag(), Describe(), NameCluster(), Prune(), ModelsDeleteCommand.Create()];

    private static Command Promote()
    {
        var version = new Argument<string>("NAME@VERSION") { Description = "Version to promote: a number, an alias or newest" };
        var alias = new Option<string>("--to") { Description = "Alias to point to it", HelpName = "ALIAS", DefaultValueFactory = _ => ModelReference.Champion };
        return Changing(new Command("promote", "Make a version the champion, which the model's bare name means") { version, alias }, parsed =>
        {
            string name = Names.Alias(parsed.GetRequiredValue(alias));
            return new Request(VersionOf(parsed.GetRequiredValue(version)), async (client, model, wanted, change, cancellation) =>
            {
                int number = ModelsCommands.Pick(model, wanted).Version;
                ModelInfo info = await client.SetAliasAsync(model.Name, change, name, number, cancellation).ConfigureAwait(false);
                return (info, $"{model.Name}@{name} is version {number}{Before(model, name)}.");
            });
        });
    }

    private static Command Rollback()
    {
        var model = new Argument<string>("NAME") { Description = "Model" };
        var alias = new Option<string>("--alias") { Description = "Alias to move", HelpName = "ALIAS", DefaultValueFactory = _ => ModelReference.Champion };
        return Changing(new Command("rollback", "Point an alias to where it pointed before; again, to where it pointed before that") { model, alias }, parsed =>
        {
            string name = Names.Check("alias", parsed.GetRequiredValue(alias));
            return new Request(BareOf(parsed.GetRequiredValue(model)), async (client, seen, _, change, cancellation) =>
            {
                ModelInfo info = await client.RollbackAsync(seen.Name, change, name, cancellation).ConfigureAwait(false);
                return (info, $"{seen.Name}@{name} is version {info.Aliases.First(other => other.Name == name).Version} again{Before(seen, name)}.");
            });
        });
    }

    private static Command Alias()
    {
        var version = new Argument<string>("NAME[@VERSION]") { Description = "Version to name; with --remove the model alone" };
        var alias = new Argument<string>("ALIAS") { Description = "Name to give it, or to take away" };
        var remove = new Option<bool>("--remove") { Description = "Take the alias away" };
        return Changing(new Command("alias", "Give a version a name that can be moved later") { version, alias, remove }, parsed =>
        {
            string text = parsed.GetRequiredValue(version), name = Names.Check("alias", parsed.GetRequiredValue(alias));
            if (parsed.GetValue(remove))
                return new Request(BareOf(text), async (client, seen, _, change, cancellation) =>
                    (await client.RemoveAliasAsync(seen.Name, change, name, cancellation).ConfigureAwait(false),
                        $"{seen.Name} has no alias {name} any more{Before(seen, name)}."));
            Names.Alias(name);
            return new Request(VersionOf(text), async (client, seen, wanted, change, cancellation) =>
            {
                int number = ModelsCommands.Pick(seen, wanted).Version;
                return (await client.SetAliasAsync(seen.Name, change, name, number, cancellation).ConfigureAwait(false),
                    $"{seen.Name}@{name} is version {number}{Before(seen, name)}.");
            });
        });
    }

    private static Command Tag()
    {
        var version = new Argument<string>("NAME[@VERSION]") { Description = "Version to tag; the name alone: the model" };
        var tags = new Argument<string[]>("KEY=VALUE") { Description = "Tags to set; KEY= takes one away", Arity = ArgumentArity.OneOrMore };
        return Changing(new Command("tag", "Set tags of a version or of the model") { version, tags }, parsed =>
        {
            ImmutableArray<ModelTag> set = [.. parsed.GetRequiredValue(tags).Select(TagOf)];
            return new Request(Names.Model(parsed.GetRequiredValue(version)), async (client, seen, wanted, change, cancellation) =>
            {
                int number = wanted.IsBare ? 0 : ModelsCommands.Pick(seen, wanted).Version;
                ModelInfo info = await client.TagAsync(seen.Name, change, number, set, cancellation).ConfigureAwait(false);
                return (info, $"Tagged {Subject(seen.Name, number)}: "
                    + $"{string.Join(", ", set.Select(tag => tag.Value.Length == 0 ? $"{tag.Key} taken away" : $"{tag.Key}={tag.Value}"))}.");
            });
        });
    }

    private static Command Describe()
    {
        var version = new Argument<string>("NAME[@VERSION]") { Description = "Version to describe; the name alone: the model" };
        var text = new Argument<string>("TEXT") { Description = "What it is; empty takes the description away" };
        return Changing(new Command("describe", "Describe a version or the model") { version, text }, parsed =>
            new Request(Names.Model(parsed.GetRequiredValue(version)), async (client, seen, wanted, change, cancellation) =>
            {
                int number = wanted.IsBare ? 0 : ModelsCommands.Pick(seen, wanted).Version;
                return (await client.DescribeAsync(seen.Name, change, number, parsed.GetRequiredValue(text), cancellation).ConfigureAwait(false),
                    $"Described {Subject(seen.Name, number)}.");
            }));
    }

    private static Command NameCluster()
    {
        var model = new Argument<string>("NAME") { Description = "Model" };
        var cluster = new Argument<int>("CLUSTER") { Description = "Stable id of the cluster" };
        var label = new Argument<string?>("TEXT") { Description = "Its name; left out, it has none any more", Arity = ArgumentArity.ZeroOrOne };
        var colour = new Option<string?>("--colour") { Description = "Its colour", HelpName = "#rrggbb" };
        var note = new Option<string?>("--note") { Description = "What else there is to say", HelpName = "TEXT" };
        return Changing(new Command("name-cluster", "Name a cluster, for all versions that have it") { model, cluster, label, colour, note }, parsed =>
            new Request(BareOf(parsed.GetRequiredValue(model)), async (client, seen, _, change, cancellation) =>
            {
                var said = new ClusterNote
                {
                    Cluster = parsed.GetValue(cluster),
                    Name = parsed.GetValue(label) ?? "",
                    Colour = parsed.GetValue(colour)
                    ?? "",
                    Note = parsed.GetValue(note) ?? ""
                };
                ModelInfo info = await client.NameClusterAsync(seen.Name, change, said, cancellation).ConfigureAwait(false);
                return (info, said.Name.Length > 0 ? $"Cluster {said.Cluster} of {seen.Name} is called {said.Name}."
                    : $"Noted on cluster {said.Cluster} of {seen.Name}.");
            }));
    }

    private static Command Prune()
    {
        var model = new Argument<string>("NAME") { Description = "Model" };
        Option<int?> keep = OptionKinds.Integer("--keep",
            "Keep the newest N versions, besides those that an alias points to, pointed to before its last change, or would after rollbacks", 1);
        keep.Required = true;
        Option<int?> days = OptionKinds.Integer("--younger-than", "Keep versions younger than so many days, too", 1, 36500);
        Option<int?> rollbacks =
            OptionKinds.Integer("--rollbacks", "Keep what so many rollbacks of each alias would come to [default: all that its history has]", 0);
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would be done" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask; without a terminal nobody is asked" };
        (Option<long?> revision, Option<string?> reason) = (Revision(), Reason());
        return new Command("prune", "Let go of the parameters of old versions; their trainings stay listed") { model, keep, rollbacks, days, dry, yes, revision,
            reason }.Runs(async (context, parsed) =>
        {
            ModelReference wanted = BareOf(parsed.GetRequiredValue(model));
            var policy = new RetentionPolicy
            {
                Keep = parsed.GetValue(keep)!.Value,
                YoungerThan = parsed.GetValue(days) is { } age ? TimeSpan.FromDays(age) : null,
                DryRun = parsed.GetValue(dry),
                Rollbacks = parsed.GetValue(rollbacks),
            };
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline seen = await ModelsCommands.FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
            ModelChange change = ChangeOf(session.Client, seen, parsed.GetValue(revision), parsed.GetValue(reason));
            // In a terminal it is first found out what would be done, under the same revision.
            bool asks = !policy.DryRun && !parsed.GetValue(yes) && !Console.IsInputRedirected;
            ImmutableArray<RetentionVerdict> verdicts = await PruneAsync(policy with { DryRun = policy.DryRun || asks }).ConfigureAwait(false);
            if (asks)
            {
                int[] going = [.. verdicts.Where(verdict => verdict.Pruned).Select(verdict => verdict.Version)];
                if (going.Length > 0 && !await Terminal.AskAsync($"Let go of the parameters of {seen.Name} {Listed(going)} "
                    + "for good?", context.Cancellation).ConfigureAwait(false))
                    policy = policy with { DryRun = true };
                else
                    verdicts = await PruneAsync(policy).ConfigureAwait(false);
            }

            RegistryOutput.Write(context, seen.Name, verdicts, policy.DryRun);
            return ExitCode.Success;

            Task<ImmutableArray<RetentionVerdict>> PruneAsync(RetentionPolicy asked) =>
                AskAsync(context, session.Client, seen.Name, change, () => session.Client.Models.PruneAsync(seen.Name, change, asked, context.Cancellation));
        });
    }

    /// <summary>"version 3", "versions 3, 4 and 7".</summary>
    private static string Listed(int[] versions)
    {
        string[] numbers = [.. versions.Select(version => version.ToString(CultureInfo.InvariantCulture))];
        return numbers.Length == 1 ? $"version {numbers[0]}" : $"versions {string.Join(", ", numbers[..^1])} and {numbers[^1]}";
    }

    /// <summary>Makes a command that changes a model carry its change out.</summary>
    private static Command Changing(Command command, Func<ParseResult, Request> read)
    {
        (Option<long?> revision, Option<string?> reason) = (Revision(), Reason());
        command.Add(revision);
        command.Add(reason);
        return command.Runs(async (context, parsed) =>
        {
            Request request = read(parsed);
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline seen = await ModelsCommands.FindAsync(context, session.Client, request.Wanted.Name).ConfigureAwait(false);
            ModelChange change = ChangeOf(session.Client, seen, parsed.GetValue(revision), parsed.GetValue(reason));
            (ModelInfo info, string told) = await AskAsync(
                context, session.Client, seen.Name, change, () => request.Carry(session.Client.Models, seen, request.Wanted, change, context.Cancellation))
                    .ConfigureAwait(false);
            if (context.Json)
                JsonReport.Print(json => RegistryOutput.Write(json, info));
            else
                Terminal.Print(told);
            return ExitCode.Success;
        });
    }

    /// <summary>A refusal is the request's fault, unless another change came first.</summary>
    public static async Task<T> AskAsync<T>(CommandContext context, IClusteringClient client, string name, ModelChange change, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused.InnerException is not (IOException or UnauthorizedAccessException))
        {
            ModelOutline? now = await client.Models.FindAsync(name, context.Cancellation).ConfigureAwait(false);
            throw now?.Info.Revision == change.Expected ? CommandException.Usage(refused.Message, refused) : CommandException.Failure(refused.Message, refused);
        }
    }

    /// <summary>The change of what was seen, by this user.</summary>
    /// <param name="client">Makes it.</param>
    /// <param name="seen">The model as it was when the change was decided on.</param>
    /// <param name="revision">The revision that the user decided on; null: the one seen.</param>
    /// <param name="reason">Why; null: nothing is said.</param>
    public static ModelChange ChangeOf(IClusteringClient client, ModelOutline seen, long? revision, string? reason) =>
        client.Models.Change(revision is { } expected ? seen.Info with { Revision = expected } : seen.Info, Environment.UserName, reason ?? "");

    public static Option<long?> Revision() =>
        new("--if-revision") { Description = "Change nothing unless the model is at this revision (models show tells it)", HelpName = "N" };

    public static Option<string?> Reason() => new("--reason") { Description = "Why, for the audit trail", HelpName = "TEXT" };

    private static ModelReference VersionOf(string text)
    {
        ModelReference wanted = Names.Model(text);
        return wanted.IsBare ? throw CommandException.Usage($"'{text}' names no version: write {text}@1, or {text}@{ModelReference.Newest}.") : wanted;
    }

    private static ModelReference BareOf(string text)
    {
        ModelReference wanted = Names.Model(text);
        return wanted.IsBare ? wanted : throw CommandException.Usage($"'{text}' names a version: give the model's name alone.");
    }

    private static ModelTag TagOf(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new ModelTag { Key = Names.Check("tag", text[..at]), Value = text[(at + 1)..] }
            : throw CommandException.Usage($"'{text}' is no tag: write KEY=VALUE, or KEY= to take one away.");
    }

    private static string Before(ModelOutline seen, string alias) =>
        seen.Info.Aliases.FirstOrDefault(other => other.Name == alias) is { } before
            ? string.Create(CultureInfo.InvariantCulture, $" (was version {before.Version})") : "";

    private static string Subject(string name, int version) => version == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} version {version}");

    private sealed record Request(
        ModelReference Wanted, Func<IModelClient, ModelOutline, ModelReference, ModelChange, CancellationToken, Task<(ModelInfo Info, string Told)>> Carry);
}
