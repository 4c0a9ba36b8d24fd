using System.CommandLine;
using OrleansCluster.Silo.Clustering;

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

    /// <summary>What is said of a password or key on the command line.</summary>
    public static string InTheOpen(string option, string instead) =>
        $"{option} holds a password or key, which the list of processes shows to every user of this machine: give it {instead}. "
            + "One that was typed here is best replaced.";

    /// <summary>The settings as pairs.</summary>
    /// <exception cref="CommandException">One of them is no pair, or holds a secret.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(IEnumerable<string> settings)
    {
        foreach (string setting in settings)
        {
            int at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw CommandException.Usage($"--set {Secrets.Hide(setting)} is no setting: write KEY=VALUE, as in Clustering=redis.");
            string key = setting[..at];
            if (Secrets.In(setting).Count > 0)
            {
                string variable = "Cluster__" + key.Replace(":", "__", StringComparison.Ordinal);
                throw CommandException.Usage(InTheOpen($"--set {key}", $"in the environment as {variable}, or in a file that --set {key}File=… names"));
            }

            yield return KeyValuePair.Create(key, (string?)setting[(at + 1)..]);
        }
    }
}
