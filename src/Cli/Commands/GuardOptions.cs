using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that say what a canary's answers must be like before its next step.</summary>
internal sealed class GuardOptions
{
    private static readonly CanaryGuards Usual = new();

    private readonly Option<string> _agreement =
        Limit("--least-agreement", "SHARE", "90%", "Share of its rows that must have the champion's cluster, for the next step");

    private readonly Option<string> _worse = Limit(
        "--score-worse-than",
        "X",
        "0.1",
        "By how much its answers may score worse than the champion's on the same rows: share of the mean squared distance, or nats of log-density where the "
            + "models have one");

    private readonly Option<string> _errors = Limit("--most-errors", "SHARE", "1%", "Share of its rows that it may fail to answer");

    private readonly Option<string> _slower =
        Limit("--slower-than", "SHARE", "100%", "By how much longer than the champion it may take for the same rows: 100% is twice as long");

    private readonly Option<string?> _flagged = new("--alert-budget")
    {
        Description = "Share of its rows that it may flag as anomalies [default: 5 points more than the champion flags]",
        HelpName = "SHARE",
    };

    private readonly Option<int> _rows =
        OptionKinds.Integer("--least-rows", "Rows of a step that must be compared first", (int)Usual.LeastRows, 1, int.MaxValue);

    private readonly Option<bool> _unguarded = new("--unguarded") { Description = "Take every step by the clock alone, whatever the answers are" };

    private Option[] Limits => [_agreement, _worse, _errors, _flagged, _slower, _rows];

    /// <param name="command">The command that takes them.</param>
    /// <param name="needed">Whether there must be guards.</param>
    public void AddTo(Command command, bool needed = false)
    {
        foreach (Option option in needed ? Limits : [.. Limits, _unguarded])
            command.Add(option);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_unguarded) || Limits.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>The guards; null: none. Whether they can be kept is decided where they are set.</summary>
    /// <exception cref="CommandException">Both limits and none are asked for, or a limit is no number.</exception>
    public CanaryGuards? Read(ParseResult parsed)
    {
        if (!parsed.GetValue(_unguarded))
        {
            return new CanaryGuards
            {
                LeastAgreement = (double)ShareText.Fraction(parsed.GetRequiredValue(_agreement)),
                MostWorse = (double)ShareText.Fraction(parsed.GetRequiredValue(_worse)),
                MostErrors = (double)ShareText.Fraction(parsed.GetRequiredValue(_errors)),
                MostFlagged = parsed.GetValue(_flagged) is { } share ? (double)ShareText.Fraction(share) : null,
                MostSlower = (double)ShareText.Fraction(parsed.GetRequiredValue(_slower)),
                LeastRows = parsed.GetValue(_rows),
            };
        }

        return Limits.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given
            ? throw CommandException.Usage($"{given.Name} is a guard, and --unguarded wants none: give one of them.")
            : null;
    }

    private static Option<string> Limit(string name, string help, string usual, string description) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => usual };
}
