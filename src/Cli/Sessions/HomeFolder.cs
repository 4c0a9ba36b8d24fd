namespace OrleansCluster.Cli.Sessions;

/// <summary>Where datasets, models and jobs live.</summary>
internal static class HomeFolder
{
    /// <summary>The folder named on the command line, else in <c>ORLEANSCLUSTER_HOME</c>, else <c>~/.orleanscluster</c>; absolute.</summary>
    public static string Resolve(string? given)
    {
        if (given is { Length: 0 })
            throw CommandException.Usage("--home is empty: name a folder, or leave the option out.");
        string? named = given ?? Environment.GetEnvironmentVariable("ORLEANSCLUSTER_HOME");
        if (!string.IsNullOrEmpty(named))
            return Path.GetFullPath(named);
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (string.IsNullOrEmpty(user))
            throw CommandException.Usage("There is no home folder of the user: name one with --home.");
        return Path.Combine(user, ".orleanscluster");
    }
}
