using System.CommandLine;
using System.Globalization;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that say how much a tenant may have.</summary>
internal sealed class QuotaOptions
{
    private readonly Option<string?> _stored = Quota("--stored-bytes", "Bytes of its datasets, as in 500000000 or 20G");
    private readonly Option<string?> _models = Quota("--models", "Its models");
    private readonly Option<string?> _versions = Quota("--versions", "Versions of its models that have their parameters");
    private readonly Option<string?> _jobs = Quota("--jobs", "Its jobs that have not ended");
    private readonly Option<string?> _rows = Quota("--rows-per-second", "Rows that its models are asked about in a second, on each silo");
    private readonly Option<string?> _request = Quota("--request-bytes", "Bytes of one request");
    private readonly Option<int?> _weight = OptionKinds.Integer(
        "--weight", "How much of the threads it gets beside other tenants that have something to do; 0: as usual, which is 100", 0, 10_000);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _stored, _models, _versions, _jobs, _rows, _request, _weight })
            command.Add(option);
    }

    /// <summary>The quotas with those that were given.</summary>
    /// <exception cref="CommandException">One is no number.</exception>
    public TenantQuotas Apply(ParseResult parsed, TenantQuotas before) => new()
    {
        StoredBytes = Read(parsed, _stored) ?? before.StoredBytes,
        Models = Read(parsed, _models) ?? before.Models,
        Versions = Read(parsed, _versions) ?? before.Versions,
        Jobs = Read(parsed, _jobs) ?? before.Jobs,
        RowsPerSecond = Read(parsed, _rows) ?? before.RowsPerSecond,
        RequestBytes = Read(parsed, _request) ?? before.RequestBytes,
        Weight = parsed.GetValue(_weight) ?? before.Weight,
    };

    /// <summary>All quotas by the name of their option; 0: as much as there is.</summary>
    public static (string Name, long Most)[] Of(TenantQuotas quotas) =>
    [
        ("stored-bytes", quotas.StoredBytes), ("models", quotas.Models), ("versions", quotas.Versions), ("jobs", quotas.Jobs),
        ("rows-per-second", quotas.RowsPerSecond), ("request-bytes", quotas.RequestBytes), ("weight", quotas.Weight),
    ];

    private static Option<string?> Quota(string name, string description) =>
        new(name) { Description = $"{description}; 0: as much as there is", HelpName = "N" };

    private static long? Read(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return Number(option.Name, text);
    }

    /// <summary>A number as in 5000 or 20G.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static long Number(string option, string text)
    {
        int power = text.Length > 1 ? "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1 : 0;
        return long.TryParse(power > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= long.MaxValue >> (10 * power)
            ? number << (10 * power)
            : throw CommandException.Usage($"{option} {text} is no number from 0 on: write it as in 5000 or 20G.");
    }
}
