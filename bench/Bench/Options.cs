using System.Globalization;

namespace OrleansCluster.Bench;

/// <summary>Options among a mode's arguments.</summary>
internal static class Options
{
    /// <summary>Takes an option and its number out of the arguments.</summary>
    public static int Take(ref string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        if (at < 0)
            return otherwise;
        int value = int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        args = [.. args[..at], .. args[(at + 2)..]];
        return value;
    }
}
