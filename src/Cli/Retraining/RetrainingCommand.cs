using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Retraining;

namespace OrleansCluster.Cli.Retraining;

/// <summary><c>retraining</c>: models that are retrained by themselves, tried, and promoted or rolled back.</summary>
internal static class RetrainingCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create() => new("retraining", "Have models retrained by themselves, tried on a share of the questions, and promoted or rolled back")
    {
        Set(),
        new Command("list", "List the models that are retrained by themselves").Runs((context, _) => ListAsync(context)),
        One("show", "Show when a model is retrained, what is under way, and what became of earlier runs",
            (client, context, name) => client.StatusAsync(name, context.Cancellation)),
        Run(),
        Look(),
        One("resume", "Go on after too many runs came to nothing", async (client, context, name) =>
            await client.ResumeAsync(name, context.Cancellation).ConfigureAwait(false)),
        Off(),
        Budget(),
    };

    private static Argument<string> Model() => new("model") { Description = "Name of the model", HelpName = "NAME" };

    private static Option<bool> Wait() => new("--wait") { Description = "Take every step until nothing is under way any more" };

    private static Command Set()
    {
        Argument<string> model = Model();
        var plan = new PlanOptions();
        var command = new Command("set", "Have a model retrained by itself: by a schedule, on drift, on new rows, or when it grows old") { model };
        plan.AddTo(command);
        return command.Runs(async (context, parsed) =>
        {
            string name = Names.Check("model", parsed.GetRequiredValue(model));
            RetrainingPlan wanted = plan.Read(parsed);
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            await ModelsCommands.FindAsync(context, session.Client, name).ConfigureAwait(false);
            RetrainingOutput.Write(context, await session.Client.Retraining.SetAsync(name, wanted, context.Cancellation).ConfigureAwait(false));
            return ExitCode.Success;
        });
    }

    private static Command Run()
    {
        Argument<string> model = Model();
        Option<bool> wait = Wait();
        return new Command("run", "Begin a run now, whatever its schedule and pause say") { model, wait }.Runs(async (context, parsed) =>
        {
            string name = Names.Check("model", parsed.GetRequiredValue(model));
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            await FindAsync(context, session.Client, name).ConfigureAwait(false);
            RetrainingStatus status = await session.Client.Retraining.BeginAsync(name, Environment.UserName, context.Cancellation).ConfigureAwait(false);
            if (parsed.GetValue(wait))
                status = await FollowAsync(context, session.Client, status).ConfigureAwait(false);
            RetrainingOutput.Write(context, status);
            return parsed.GetValue(wait) && status.Ended.FirstOrDefault() is { Step: not RetrainingStep.Promoted } ? ExitCode.Found : ExitCode.Success;
        });
    }

    private static Command Look()
    {
        var model = new Argument<string?>("model") { Description = "Name of the model [default: all]", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> wait = Wait();
        return new Command("look", "Look now whether anything is due, and take the next step; a service does so every minute") { model, wait }
            .Runs(async (context, parsed) =>
            {
                await using Session session = await context.OpenAsync().ConfigureAwait(false);
                string? name = parsed.GetValue(model);
                ImmutableArray<RetrainingStatus> all = name is null
                    ? await session.Client.Retraining.ListAsync(context.Cancellation).ConfigureAwait(false)
                    : [await FindAsync(context, session.Client, Names.Check("model", name)).ConfigureAwait(false)];
                var looked = new List<RetrainingStatus>();
                foreach (RetrainingStatus one in all)
                {
                    RetrainingStatus status = await session.Client.Retraining.LookAsync(one.Model, context.Cancellation).ConfigureAwait(false);
                    looked.Add(parsed.GetValue(wait) ? await FollowAsync(context, session.Client, status).ConfigureAwait(false) : status);
                }

                if (name is not null)
                    RetrainingOutput.Write(context, looked[0]);
                else
                    RetrainingOutput.Write(context, looked);
                return ExitCode.Success;
            });
    }

    private static Command Off()
    {
        Argument<string> model = Model();
        return new Command("off", "Have a model retrained by itself no more; a canary of its is ended, and the champion answers") { model }
            .Runs(async (context, parsed) =>
            {
                string name = Names.Check("model", parsed.GetRequiredValue(model));
                await using Session session = await context.OpenAsync().ConfigureAwait(false);
                RetrainingStatus before = await FindAsync(context, session.Client, name).ConfigureAwait(false);
                await session.Client.Retraining.RemoveAsync(name, context.Cancellation).ConfigureAwait(false);
                if (context.Json)
                    JsonReport.Print(json => JsonSerializer.Serialize(json, RetrainingDocuments.Of(before), ApiJson.Default.RetrainingDocument));
                else
                    Terminal.Print($"{name} is not retrained by itself any more.");
                return ExitCode.Success;
            });
    }

    private static Command Budget()
    {
        var most = new Option<int?>("--a-day") { Description = "Most within 24 hours, of all models together; 0: as many as their plans say", HelpName = "N" };
        return new Command("budget", "Show or set how many retrainings begin by themselves in a day") { most }.Runs(async (context, parsed) =>
        {
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            IRetrainingClient client = session.Client.Retraining;
            RetrainingBudget budget = parsed.GetValue(most) is { } wanted
                ? await client.LimitAsync(wanted, context.Cancellation).ConfigureAwait(false)
                : await client.BudgetAsync(context.Cancellation).ConfigureAwait(false);
            RetrainingOutput.Write(context, budget);
            return ExitCode.Success;
        });
    }

    private static Command One(string name, string description, Func<IRetrainingClient, CommandContext, string, Task<RetrainingStatus?>> ask)
    {
        Argument<string> model = Model();
        return new Command(name, description) { model }.Runs(async (context, parsed) =>
        {
            string wanted = Names.Check("model", parsed.GetRequiredValue(model));
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            await FindAsync(context, session.Client, wanted).ConfigureAwait(false);
            RetrainingOutput.Write(context, (await ask(session.Client.Retraining, context, wanted).ConfigureAwait(false))!);
            return ExitCode.Success;
        });
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        RetrainingOutput.Write(context, await session.Client.Retraining.ListAsync(context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    private static async Task<RetrainingStatus> FindAsync(CommandContext context, IClusteringClient client, string name)
    {
        await ModelsCommands.FindAsync(context, client, name).ConfigureAwait(false);
        return await client.Retraining.StatusAsync(name, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure(
                $"{name} is not retrained by itself. Begin with: {context.Suggest($"retraining set {name} --dataset DATASET --cron '0 2 * * *'")}");
    }

    /// <summary>Takes every step of what is under way.</summary>
    private static async Task<RetrainingStatus> FollowAsync(CommandContext context, IClusteringClient client, RetrainingStatus status)
    {
        await new ProgressView(context.Terminal).WhileAsync(
            () => status.Current is { } run ? $"{status.Model} · run {run.Number} · {RetrainingOutput.Where(run)}" : $"{status.Model} · looking",
            async () =>
            {
                while (status.Current is not null)
                {
                    await Task.Delay(Pause, context.Cancellation).ConfigureAwait(false);
                    status = await client.Retraining.LookAsync(status.Model, context.Cancellation).ConfigureAwait(false);
                }

                return true;
            }).ConfigureAwait(false);
        return status;
    }
}
