using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Demo;

/// <summary>The demo: one real table, two versions of a model, some new rows, a mixture that flags anomalies, and a crash.</summary>
internal sealed class Walkthrough(CommandContext context)
{
    private const string Name = "timezones";
    private const int Clusters = 6;
    private static readonly ReadOptions Places = new() { Columns = "longitude,latitude", IdColumn = "zone" };
    private readonly DemoReport _report = new();

    /// <summary>Runs every chapter.</summary>
    /// <exception cref="CommandException">A chapter failed, such as a resumed job whose digest differs.</exception>
    public async Task RunAsync()
    {
        _report.Home = context.Home;
        TrainingReport first;
        await using (Session session = await context.OpenAsync(stays: true).ConfigureAwait(false))
        {
            first = await TrainAsync(session).ConfigureAwait(false);
            await RetrainAsync(session, first).ConfigureAwait(false);
            await AssignAsync(session).ConfigureAwait(false);
            await MixtureAsync(session).ConfigureAwait(false);
        }

        await CrashAsync(first).ConfigureAwait(false);
        Farewell();
        if (context.Json)
            JsonReport.Print(_report.Write);
    }

    private async Task<TrainingReport> TrainAsync(Session session)
    {
        Chapter(1, "Train", $"the 418 places that time zones are named after, as {Clusters} clusters on a map");
        Imported imported = await DatasetImporter.ImportAsync(context, session.Client, SampleFile("timezones.csv"), Name, Places).ConfigureAwait(false);
        TrainingReport report = await FinishAsync(session, Name, seed: 1, Clusters, restarts: 10).ConfigureAwait(false);
        if (!context.Json)
            await TrainingOutput.WriteAsync(context, session.Client, report, imported.Sample, 0).ConfigureAwait(false);
        _report.Versions.Add(report);
        return report;
    }

    private async Task RetrainAsync(Session session, TrainingReport first)
    {
        Chapter(2, "Retrain", "another seed, a single start, version 2 of the same model");
        TrainingReport second = await FinishAsync(session, Name, seed: 2, Clusters, restarts: 1).ConfigureAwait(false);
        _report.Versions.Add(second);
        LabelComparison comparison = await LabelComparison.OfAsync(session.Client, first, second, context.Cancellation).ConfigureAwait(false);
        _report.Moved = comparison.Moved.Count;
        Tell($"  version 1  inertia {Numbers.Objective(first.Objective)}  (seed 1, the best of 10 starts)");
        Tell($"  version 2  inertia {Numbers.Objective(second.Objective)}  (seed 2, one start)");
        Tell("");
        int kept = comparison.Alignment.Clusters.Count(cluster => !cluster.Born);
        Tell($"  {kept} of {Clusters} clusters keep their number{(Clusters - kept) switch { 0 => "", 1 => "; 1 is new", int born => $"; {born} are new" }}.");
        Tell(comparison.Moved.Count == 0
            ? "  No place changed its cluster."
            : $"  {comparison.Moved.Count} of {comparison.Rows} places changed their cluster, such as {Examples(comparison.Moved)}.");
    }

    /// <summary>Names of a few of the rows, spread over all of them.</summary>
    private static string Examples(IReadOnlyList<int> rows)
    {
        const int most = 2;
        using IRowReader reader = TableFile.Read(SampleFile("timezones.csv"), Places);
        var names = new List<string>();
        while (reader.ReadBatch(out RowBatch? batch))
            names.AddRange(batch.Ids);
        return string.Join(", ", Enumerable.Range(0, Math.Min(most, rows.Count)).Select(i => names[rows[i * rows.Count / Math.Min(most, rows.Count)]]));
    }

    private async Task AssignAsync(Session session)
    {
        string file = SampleFile("cities.csv");
        Chapter(3, "Ask", "which cluster are these cities in? (version 1)");
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, new ModelReference(Name, 1)).ConfigureAwait(false);
        AssignmentResult answers = await AssignCommand.AssignAsync(context, session, version, new RowQuery(file, new ReadOptions { IdColumn = "city" }),
            keepsAll: true).ConfigureAwait(false);
        if (context.Json)
            _report.Assigned = answers.Rows;
        else
            answers.Write(context, null, ClusterNames.None);
    }

    private async Task MixtureAsync(Session session)
    {
        Chapter(4, "Mixture", $"the same places as {Clusters} Gaussians: which of them are the oddest?");
        const string model = "density";
        var request = new TrainingRequest
        {
            Dataset = Name,
            Model = model,
            Options = new MixtureOptions { K = Clusters, Seed = 1, Restarts = 10, Contamination = 0.02 },
        };
        string job = await session.Client.Jobs.StartAsync(request, context.Cancellation).ConfigureAwait(false);
        _report.Mixture = await JobRun.FinishAsync(context, session, job).ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, new ModelReference(model)).ConfigureAwait(false);
        using ScoreResult scores = await ScoreCommand.ScoreAsync(context, session, version, new RowQuery(SampleFile("timezones.csv"), Places), top: 2,
            ClusterNames.None, tellsAll: false).ConfigureAwait(false);
        _report.Anomalies = scores.Anomalies;
        if (!context.Json)
            scores.Write(context, null);
    }

    private async Task CrashAsync(TrainingReport first)
    {
        Chapter(5, "Crash", "a longer job in a process of its own, which is killed half-way");
        CrashedJob crashed = await CrashedJob.StartAndKillAsync(context, Name, RestartsFor(first)).ConfigureAwait(false);
        Tell($"  process {crashed.ProcessId} was killed (SIGKILL) while {crashed.LastWords}");

        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        JobStatus left = await session.Client.Jobs.FindAsync(crashed.Job, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"Job {crashed.Job} is gone after the crash.");
        Tell($"  job {crashed.Job} is {left.State.Word()}; resuming it from its checkpoint");
        await session.Client.Jobs.ResumeAsync(crashed.Job, context.Cancellation).ConfigureAwait(false);
        TrainingReport resumed = await JobRun.FinishAsync(context, session, crashed.Job).ConfigureAwait(false);
        Tell("  and once more from the beginning, without a crash");
        TrainingReport whole = await FinishAsync(session, "uninterrupted", CrashedJob.Seed, CrashedJob.Clusters, crashed.Restarts).ConfigureAwait(false);
        (_report.Job, _report.Killed, _report.Resumed, _report.Whole) = (crashed.Job, crashed.ProcessId, resumed, whole);
        Tell("");
        Tell($"  resumed   {resumed.Digest}");
        Tell($"  unbroken  {whole.Digest}");
        if (resumed.Digest != whole.Digest)
            throw CommandException.Failure("The two digests differ: the resumed job found other centres than the uninterrupted one.");
        Tell("  The same, bit for bit.");
    }

    private void Farewell()
    {
        string sample = RelativeSample("timezones.csv");
        _report.Commands.Add(context.Suggest($"models show {Name}"));
        _report.Commands.Add(context.Suggest($"models diff {Name}@1 @2"));
        _report.Commands.Add(context.Suggest($"train kmeans --data {sample} --columns longitude,latitude --k 12"));
        _report.Commands.Add(context.Suggest($"train gmm --data {sample} --columns longitude,latitude --k 1..12 --restarts 5"));
        _report.Commands.Add(context.Suggest($"assign --model {Name} --data {RelativeSample("cities.csv")} --id-column city"));
        Tell("");
        Tell("  Try next:", new Style(decoration: Decoration.Bold));
        foreach (string command in _report.Commands)
            Print("    " + command);
        Tell("");
        Print($"  The demo's data is in {context.Home}; remove the folder when you are done.");
        string port = Web.Hosting.WebOptions.UsualPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Print($"  See it in a browser: {context.Suggest($"open {Name} --port {port}")} shows http://127.0.0.1:{port}/models/{Name}");
    }

    private async Task<TrainingReport> FinishAsync(Session session, string model, ulong seed, int k, int restarts)
    {
        string job = await session.Client.Jobs.StartAsync(
            new TrainingRequest { Dataset = Name, Model = model, Options = new KMeansOptions { K = k, Seed = seed, Restarts = restarts } },
            context.Cancellation).ConfigureAwait(false);
        return await JobRun.FinishAsync(context, session, job).ConfigureAwait(false);
    }

    /// <summary>So many restarts that the job takes some seconds on this machine, judged by the first training.</summary>
    private static int RestartsFor(TrainingReport first)
    {
        const double wanted = 2.5, slowerThanFirst = 2.5;
        double each = (first.InitSeconds + first.IterateSeconds) / Math.Max(1, first.Restarts.Length) * slowerThanFirst;
        return (int)Math.Clamp(wanted / Math.Max(each, 1e-6), 20, 20_000);
    }

    private void Chapter(int number, string title, string what)
    {
        if (context.Json)
            return;
        IAnsiConsole console = context.Terminal.Out;
        console.WriteLine();
        console.Write(new Prose(5, ($"  {number}  {title}", new Style(Palette.Of(0), decoration: Decoration.Bold)), ($"  {what}", Palette.Quiet)));
        if (number is 2 or 5)
            console.WriteLine();
    }

    private void Tell(string text, Style? style = null)
    {
        if (!context.Json)
            context.Terminal.Out.Write(new Prose(2, (text, style ?? Style.Plain)));
    }

    private void Print(string line)
    {
        if (!context.Json)
            Terminal.Print(line);
    }

    private static string SampleFile(string name) => Path.Combine(AppContext.BaseDirectory, "samples", Name, name);

    /// <summary>The sample as the user can type it: below the current folder when that is the repository.</summary>
    private static string RelativeSample(string name)
    {
        string relative = Path.Combine("samples", Name, name);
        return File.Exists(relative) ? relative : CommandContext.Quote(SampleFile(name));
    }
}
