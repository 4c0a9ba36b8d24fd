using System.Globalization;
using System.Runtime;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Cli;

/// <summary>
/// What a start compiles is nearly the same each time, and starting is one thing after the other. So the runtime writes down what a command had to compile, and
/// compiles it on a second core when the same command starts again (<see cref="ProfileOptimization"/>). Methods come out the same, in whatever order.
/// </summary>
internal sealed class StartProfile
{
    private const string Folder = "starts";
    private const string None = "none";

    /// <summary>A word after a command may be a user's own.</summary>
    private const int MostProfiles = 64;

    private readonly string _path;
    private readonly string _own;

    private StartProfile(string path, string own) => (_path, _own) = (path, own);

    /// <summary>Takes up the profile of a command. Null where the program's folder cannot be written to: then every start takes as long as the first.</summary>
    /// <param name="args">The command line.</param>
    public static StartProfile? Begin(string[] args)
    {
        // Beside the program, because it is of use to this build only.
        string folder = Path.Combine(AppContext.BaseDirectory, Folder);
        string name = Name(args);
        if (name != None)
            name += Way(args);
        try
        {
            Directory.CreateDirectory(folder);
            var profile = new StartProfile(Path.Combine(folder, name),
                Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{Environment.ProcessId}")));
            bool known = File.Exists(profile._path);
            if (!known && Directory.GetFiles(folder).Length >= MostProfiles)
                return null;
            // The runtime reads and writes under one name, and writes in place: a name of this process's own, so that nobody reads half of it.
            if (known)
                File.Copy(profile._path, profile._own, overwrite: true);
            ProfileOptimization.SetProfileRoot(folder);
            ProfileOptimization.StartProfile(Path.GetFileName(profile._own));
            File.Delete(profile._own);
            return profile;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps what was compiled, when that is more than was known.</summary>
    public void End()
    {
        try
        {
            ProfileOptimization.StartProfile(null);
            var own = new FileInfo(_own);
            var known = new FileInfo(_path);
            if (own.Exists && (!known.Exists || own.Length > known.Length))
                own.MoveTo(_path, overwrite: true);
            else
                own.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A faster start is all that is lost.
        }
    }

    /// <summary>
    /// How the grains are reached, as far as it can be told at once: a silo in this process, the process that has the home open, and a cluster compile
    /// different
    /// things. A wrong guess costs time only.
    /// </summary>
    internal static string Way(string[] args)
    {
        if (Given(args, "--cluster") is not null)
            return "+cluster";
        try
        {
            return new HomeLayout(HomeFolder.Resolve(Given(args, "--home"))).SaysOwner ? "+joins" : "";
        }
        catch (Exception e) when (e is CommandException or ArgumentException or IOException)
        {
            // The command itself says what is wrong with it.
            return "";
        }
    }

    /// <summary>The words before the first option, two at most: they say what the start is for.</summary>
    internal static string Name(string[] args) =>
        string.Join('-', args.Take(2).TakeWhile(word => word.Length is > 0 and <= 20 && word.All(char.IsAsciiLetterLower))) is { Length: > 0 } name ? name
            : None;

    private static string? Given(string[] args, string option)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == option)
                return i + 1 < args.Length ? args[i + 1] : null;
            if (args[i].StartsWith(option, StringComparison.Ordinal) && args[i].Length > option.Length && args[i][option.Length] is '=' or ':')
                return args[i][(option.Length + 1)..];
        }

        return null;
    }
}
