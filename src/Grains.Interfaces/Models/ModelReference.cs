using System.Globalization;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <summary>
/// A model and which of its versions is meant, as people write it: <c>name@3</c> a version, <c>name@champion</c> the version that an alias points to,
/// <c>name@newest</c> the newest, and <c>name</c> alone the champion where one is set, else the newest.
/// </summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">From 1; 0: the alias says which, or nothing does.</param>
/// <param name="Alias">Name of an alias or <see cref="Newest"/>; empty: none.</param>
public readonly record struct ModelReference(string Name, int Version = 0, string Alias = "")
{
    /// <summary>The alias that a model's bare name means.</summary>
    public const string Champion = "champion";

    /// <summary>The alias that gates give to a version that is good, but not good enough to be champion.</summary>
    public const string Challenger = "challenger";

    /// <summary>What stands for the newest version. No alias may have this name.</summary>
    public const string Newest = "newest";

    /// <summary>What people write before the number of a version.</summary>
    private static readonly string[] VersionWords = ["v", "ver", "version"];

    private static readonly char[] VersionLetters = [.. "versionVERSION"];

    /// <summary>Whether neither version nor alias is named.</summary>
    public bool IsBare => Version == 0 && Alias.Length == 0;

    /// <summary>Reads <c>name</c>, <c>name@version</c> or <c>name@alias</c>.</summary>
    /// <exception cref="ClusteringException">A name is not allowed, or the version is not a number from 1.</exception>
    public static ModelReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');
        if (at < 0)
            return new ModelReference(GrainKeys.CheckName("model", text));
        string name = GrainKeys.CheckName("model", text[..at]), which = text[(at + 1)..];
        if (which.Length == 0 || !char.IsAsciiDigit(which[0]))
            return new ModelReference(name, 0, GrainKeys.CheckName("alias", which));
        return int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version >= 1
            ? new ModelReference(name, version)
            : throw new ClusteringException($"'{text}' names no model version: after @ comes a number from 1, as in {name}@1, or an alias, as in "
                + $"{name}@{Champion}.");
    }

    /// <summary>
    /// Answers <paramref name="alias"/> when a version can be given it. One that was given before this was asked can still be read, rolled back and removed.
    /// </summary>
    /// <exception cref="ClusteringException">It is not a name, reads like a version (<c>3</c>, <c>v3</c>, <c>Version-3</c>), is <see cref="Newest"/>, or is a
    /// reserved word but for its case.</exception>
    public static string CheckAlias(string? alias)
    {
        GrainKeys.CheckName("alias", alias);
        if (char.IsAsciiDigit(alias![0]))
            throw new ClusteringException($"The alias '{alias}' begins with a digit, like a version: begin with a letter.");
        string? meant = Meant(alias);
        if (meant == Newest || alias == Newest)
            throw new ClusteringException($"'{Newest}' always means the newest version, and '{alias}' would be taken for it: choose another alias.");
        if (meant is null)
            return alias;
        throw new ClusteringException(char.IsAsciiDigit(meant[0])
            ? $"The alias '{alias}' reads like a version, and would be taken for version {meant}: choose another alias."
            : $"The alias '{alias}' would be taken for '{meant}': write it so, or choose another alias.");
    }

    /// <summary>
    /// What somebody means who writes this alias and has not set it: a reserved word in another case, or a version's number written as <c>v3</c>; null:
    /// nothing else.
    /// </summary>
    public static string? Meant(string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        foreach (string word in (ReadOnlySpan<string>)[Champion, Challenger, Newest])
        {
            if (alias != word && alias.Equals(word, StringComparison.OrdinalIgnoreCase))
                return word;
        }

        string number = alias.TrimStart(VersionLetters).TrimStart('-', '_', '.');
        string letters = alias[..^number.Length].TrimEnd('-', '_', '.');
        bool isVersion = VersionWords.Contains(letters, StringComparer.OrdinalIgnoreCase) && number.Length > 0 && number.All(char.IsAsciiDigit);
        return isVersion ? number : null;
    }

    public override string ToString() => IsBare ? Name : $"{Name}@{(Version > 0 ? Version.ToString(CultureInfo.InvariantCulture) : Alias)}";
}
