using System.CommandLine;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>--set KEY=VALUE</c>: settings of a silo that win over files and environment.</summary>
internal static class SettingOption
{
    public static Option<string[]> Create() => new("--set")
    {
        Description = "A setting of the section Cluster, such as Clustering=redis; wins over appsettings.json and the environment",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    /// <summary>The settings as pairs.</summary>
    /// <exception cref="CommandException">One of them is no pair.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(IEnumerable<string> settings)
    {
        foreach (string setting in settings)
        {
            int at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw CommandException.Usage($"--set {setting} is no setting: write KEY=VALUE, as in Clustering=redis.");
            yield return KeyValuePair.Create(setting[..at], (string?)setting[(at + 1)..]);
        }
    }
}
