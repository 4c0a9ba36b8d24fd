using System.Globalization;

namespace OrleansCluster.Cli.Sessions;

/// <summary>A name with an optional version, as typed: <c>NAME</c> or <c>NAME@VERSION</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">From 1; 0 means the newest.</param>
internal readonly record struct VersionedName(string Name, int Version)
{
    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <param name="kind">What it names, for the message: <c>model</c>.</param>
    /// <exception cref="CommandException">The name is not allowed, or the version is not a number from 1.</exception>
    public static VersionedName Parse(string text, string kind)
    {
        int at = text.LastIndexOf('@');
        if (at < 0)
            return new VersionedName(Names.Check(kind, text), 0);
        string version = text[(at + 1)..];
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
            throw CommandException.Usage($"'{text}' names no {kind} version: after @ comes a number from 1, as in {text[..at]}@1.");
        return new VersionedName(Names.Check(kind, text[..at]), number);
    }

    public override string ToString() => Version == 0 ? Name : $"{Name}@{Version.ToString(CultureInfo.InvariantCulture)}";
}
