using System.Collections.Immutable;
using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>route show | set | canary | shadow | abort</c>: which versions answer a model's bare name.</summary>
internal sealed class RouteCommand
{
    private const string UsualSteps = "1%,5%,25%,100%";

    private readonly Argument<string> _model = new("NAME") { Description = "Name of the model" };
    private readonly Option<long?> _revision = ModelChangeCommands.Revision();
    private readonly Option<string?> _reason = ModelChangeCommands.Reason();

    public static Command Create() => new RouteCommand().Whole();

    private Command Whole() => new("route", "Say which versions answer a model's bare name: shares, canaries, shadows")
    {
        new Command("show", "Show who answers how much, where a canary stands, and how versions agree with the champion") { _model }
            .Runs((context, parsed) => RunAsync(context, parsed, null)),
        Set(),
        Canary(),
        Shadow(),
        new Command("abort", "End the route: the champion answers everything again, at once") { _model, _revision, _reason }
            .Runs((context, parsed) => RunAsync(context, parsed, _ => new RouteChange { Kind = RouteChangeKind.Abort })),
    };

    private Command Set()
    {
        var shares = new Argument<string[]>("VERSION=SHARE")
        {
            Description = "A version (a number, an alias or newest) and its share, as in 3=90% 4=10%: "
                + "100% together",
            Arity = ArgumentArity.OneOrMore
        };
        return new Command("set", "Give versions fixed shares of the keys; a key stays with its version while that version's share does not fall") { _model,
            shares, _revision, _reason }
            .Runs((context, parsed) => RunAsync(context, parsed, model => new RouteChange
            {
                Kind = RouteChangeKind.Set,
                Shares = [.. parsed.GetRequiredValue(shares).Select(text => Share(model, text))],
            }));
    }

    private Command Canary()
    {
        var version = new Argument<string>("VERSION") { Description = "The candidate: a number, an alias or newest" };
        var to = new Option<string?>("--to") { Description = "Its share until another is set, as in 5%", HelpName = "SHARE" };
        var steps = new Option<string>("--steps") { Description = "Its shares one after the other", HelpName = "LIST", DefaultValueFactory = _ => UsualSteps };
        var every = new Option<string?>("--every") { Description = "How long each step lasts, as in 15m, 1h or 2d", HelpName = "TIME" };
        var guards = new GuardOptions();
        const string what =
            "Try a version on a growing share of the keys, by hand (--to) or by a schedule (--every), which stands still while its answers are not good enough";
        var command = new Command("canary", what) { _model, version, to, steps, every };
        guards.AddTo(command);
        command.Add(_revision);
        command.Add(_reason);
        return command.Runs((context, parsed) =>
        {
            string? share = parsed.GetValue(to), time = parsed.GetValue(every);
            if (share is null == time is null)
                throw CommandException.Usage("Give either --to SHARE, for one step by hand, or --every TIME, for steps by the clock.");
            if (share is not null && parsed.GetResult(steps) is { Implicit: false })
                throw CommandException.Usage("--steps are for a schedule: give --every TIME with them, or --to SHARE alone.");
            ImmutableArray<int> wanted = share is not null
                ? [ShareText.Slots(share)]
                : [.. parsed.GetRequiredValue(steps).Split(',').Select(text => ShareText.Slots(text.Trim()))];
            TimeSpan duration = time is null ? TimeSpan.Zero : ShareText.Duration(time);
            if (wanted.Length == 1 && guards.AreGiven(parsed))
                throw CommandException.Usage("Guards are for a schedule of several steps: give --every TIME with them.");
            CanaryGuards? kept = guards.Read(parsed);
            return RunAsync(context, parsed, model => new RouteChange
            {
                Kind = RouteChangeKind.Canary,
                Version = VersionOf(model, parsed.GetRequiredValue(version)),
                Steps = wanted,
                // One step of a schedule stays like one by hand.
                Every = wanted.Length == 1 ? TimeSpan.Zero : duration,
                Guards = kept,
            });
        });
    }

    private Command Shadow()
    {
        var versions = new Argument<string[]>("VERSION")
        {
            Description = "Versions to score and compare beside the answer: numbers, aliases or newest; none "
                + "takes them all away",
            Arity = ArgumentArity.OneOrMore
        };
        return new Command("shadow", "Score versions on every row that is asked about and compare them with the champion; they never answer") { _model,
            versions,
            _revision, _reason }
            .Runs((context, parsed) => RunAsync(context, parsed, model => new RouteChange
            {
                Kind = RouteChangeKind.Shadow,
                Shadows = parsed.GetRequiredValue(versions) is ["none"] ? [] : [.. parsed.GetRequiredValue(versions).Select(text => VersionOf(model, text))],
            }));
    }

    private static int VersionOf(ModelOutline model, string text) => ModelsCommands.Pick(model, Names.Model($"{model.Name}@{text}")).Version;

    private static RouteShare Share(ModelOutline model, string text)
    {
        int at = text.LastIndexOf('=');
        return at > 0
            ? new RouteShare { Version = VersionOf(model, text[..at]), Slots = ShareText.Slots(text[(at + 1)..]) }
            : throw CommandException.Usage($"'{text}' is no share of a version: write VERSION=SHARE, as in 3=90%.");
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, Func<ModelOutline, RouteChange>? change)
    {
        string name = Names.Check("model", parsed.GetRequiredValue(_model));
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, name).ConfigureAwait(false);
        if (change is not null)
        {
            RouteChange wanted = change(model);
            ModelChange what = ModelChangeCommands.ChangeOf(session.Client, model, parsed.GetValue(_revision), parsed.GetValue(_reason));
            await ModelChangeCommands.AskAsync(
                context, session.Client, name, what, () => session.Client.Models.SetRouteAsync(name, what, wanted, context.Cancellation)).ConfigureAwait(false);
        }

        RouteStatus status = await session.Client.Models.RouteAsync(name, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"Model '{name}' is gone.");
        RouteAgreement agreement = await session.Client.Models.AgreementAsync(name, context.Cancellation).ConfigureAwait(false);
        RouteOutput.Write(context, name, status, agreement, new ClusterNames(model.Info.Clusters));
        return ExitCode.Success;
    }
}
