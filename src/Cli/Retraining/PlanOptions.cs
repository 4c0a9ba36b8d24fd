using System.Collections.Immutable;
using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Json;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;

namespace OrleansCluster.Cli.Retraining;

/// <summary>The options that say when a model is retrained by itself, and what becomes of the result.</summary>
internal sealed class PlanOptions
{
    private static readonly RetrainingPlan Usual = new() { Dataset = "" };
    private static readonly DriftThresholds UsualDrift = new();

    private readonly Option<string> _dataset = new("--dataset") { Description = "Rows to train on: its newest version", HelpName = "NAME", Required = true };
    private readonly Option<string?> _cron = new("--cron")
    {
        Description = "Schedule, as the five fields of cron: '0 2 * * *' is two in the morning",
        HelpName = "FIELDS",
    };

    private readonly Option<string> _zone = new("--time-zone")
    {
        Description = "Time zone of --cron and --hours",
        HelpName = "ZONE",
        DefaultValueFactory = _ => Usual.TimeZone,
    };

    private readonly Option<string?> _hours = new("--hours")
    {
        Description = "Hours in which drift, new rows and age may begin a run [default: any]",
        HelpName = "22:00-06:00",
    };

    private readonly Option<int> _drifted =
        OptionKinds.Integer("--drifted-windows", "Begin when so many windows one after the other have drifted; 0: never", 0, 0, 200);

    private readonly Option<double> _effect = OptionKinds.NonNegative("--effect", "Least effect that is called drift", UsualDrift.Wasserstein);
    private readonly Option<int> _least =
        OptionKinds.Integer("--min-rows", "Windows with fewer rows are not judged", UsualDrift.MinimumRows, 1, int.MaxValue);

    private readonly Option<int> _newRows =
        OptionKinds.Integer("--new-rows", "Begin when the dataset has so many rows more than the champion was trained on; 0: never", 0, 0, int.MaxValue);

    private readonly Option<string?> _age = new("--older-than") { Description = "Begin when the champion is older, as in 7d", HelpName = "TIME" };
    private readonly Option<string> _pause = Time("--pause", "How long after a run no other begins but by the schedule", "12h");
    private readonly Option<int> _day = OptionKinds.Integer("--a-day", "Most runs that begin by themselves within 24 hours", Usual.MostADay, 1, 100);
    private readonly Option<int> _failures =
        OptionKinds.Integer("--failures", "Stop after so many runs one after the other that came to nothing", Usual.MostFailures, 1, 100);

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Begin as the options say, and not from the champion's parameters" };
    private readonly Option<bool> _adapt =
        new("--adapt") { Description = "Merge clusters that have become one on the new rows, and split those that have become two" };

    private readonly Option<bool> _threshold =
        new("--adapt-threshold") { Description = "Set the threshold of anomalies anew with every run [default: the champion's stays]" };

    private readonly Option<string?> _canary = new("--canary")
    {
        Description = "Shares of the questions that a new version answers before it becomes champion, as in 5%,25%,50% [default: the policy decides alone]",
        HelpName = "LIST",
    };

    private readonly Option<string> _every = Time("--every", "How long each of these lasts at least", "15m");
    private readonly Option<string> _patience = Time("--patience", "How long a step waits for answers to judge it by, before it is rolled back", "1d");
    private readonly GuardOptions _guards = new();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
            {
                _dataset, _cron, _zone, _hours, _drifted, _effect, _least, _newRows, _age, _pause, _day, _failures, _fresh, _adapt, _threshold, _canary, _every,
                _patience,
            })
            command.Add(option);
        _guards.AddTo(command, needed: true);
    }

    /// <summary>The plan. Whether it can be carried out is decided where it is set.</summary>
    /// <exception cref="CommandException">A share or a time is none.</exception>
    public RetrainingPlan Read(ParseResult parsed) => new()
    {
        Dataset = Names.Check("dataset", parsed.GetRequiredValue(_dataset)),
        Schedule = parsed.GetValue(_cron) ?? "",
        TimeZone = parsed.GetRequiredValue(_zone),
        Hours = parsed.GetValue(_hours) ?? "",
        DriftedWindows = parsed.GetValue(_drifted),
        Thresholds = RetrainingDocuments.Thresholds(parsed.GetValue(_effect), parsed.GetValue(_least)),
        NewRows = parsed.GetValue(_newRows),
        OldestChampion = parsed.GetValue(_age) is { } age ? ShareText.Duration(age) : null,
        Pause = ShareText.Duration(parsed.GetRequiredValue(_pause)),
        MostADay = parsed.GetValue(_day),
        MostFailures = parsed.GetValue(_failures),
        Fresh = parsed.GetValue(_fresh),
        Adapts = parsed.GetValue(_adapt),
        AdaptsThreshold = parsed.GetValue(_threshold),
        Steps = Steps(parsed.GetValue(_canary)),
        Every = ShareText.Duration(parsed.GetRequiredValue(_every)),
        Guards = _guards.Read(parsed)!,
        Patience = ShareText.Duration(parsed.GetRequiredValue(_patience)),
        By = Environment.UserName,
    };

    private static ImmutableArray<int> Steps(string? text) => text is null ? [] : [.. text.Split(',').Select(step => ShareText.Slots(step.Trim()))];

    private static Option<string> Time(string name, string description, string usual) =>
        new(name) { Description = description, HelpName = "TIME", DefaultValueFactory = _ => usual };
}
