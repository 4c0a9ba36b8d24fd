using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that say what is expected of rows that are imported.</summary>
internal sealed class ExpectOptions
{
    private const string Quarantine = "quarantine=";

    private readonly Option<string[]> _expect = new("--expect")
    {
        Description = "What is expected of the rows, of these and of those that are appended later: 'age in 0..120; country in {DE, AT}; weight > 0; "
            + "id is not missing; missing(income) < 5%'",
        HelpName = "EXPECTATIONS",
    };

    private readonly Option<string> _broken = new("--on-broken")
    {
        Description = "What becomes of rows that are not so: refuse (all rows, when all were looked at), count (they are kept), or quarantine=FILE (they are "
            + "left out and written there)",
        HelpName = "refuse|count|quarantine=FILE",
        DefaultValueFactory = _ => "refuse",
    };

    public static ExpectOptions AddTo(Command command)
    {
        var options = new ExpectOptions();
        command.Add(options._expect);
        command.Add(options._broken);
        return options;
    }

    /// <exception cref="CommandException">They are not understood.</exception>
    public ExpectedOfRows Read(ParseResult parsed)
    {
        string policy = parsed.GetRequiredValue(_broken);
        string? aside = policy.StartsWith(Quarantine, StringComparison.Ordinal) ? policy[Quarantine.Length..] : null;
        if (policy is not ("refuse" or "count") && string.IsNullOrEmpty(aside))
            throw CommandException.Usage($"--on-broken {policy} is none of refuse, count and quarantine=FILE.");
        if (aside is not null && !TableWriter.IsSupported(aside))
            throw CommandException.Usage($"--on-broken {policy}: the file ends in none of .csv, .parquet, .arrow and .jsonl.");
        return new ExpectedOfRows(
            Expectation.ParseAll(string.Join(';', parsed.GetValue(_expect) ?? [])),
            policy switch { "refuse" => BrokenRows.Refuse, "count" => BrokenRows.Count, _ => BrokenRows.PutAside }, aside);
    }
}
