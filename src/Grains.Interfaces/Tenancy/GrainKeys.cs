using System.Text;
using OrleansCluster.Contracts;

namespace OrleansCluster.Tenancy;

/// <summary>
/// The one place where grain keys are made and read. Every key is a path whose first part is the tenant:
/// <c>tenant/name</c>, <c>tenant/job/level/index</c>. Parts are checked names, so a key can never reach into another tenant.
/// </summary>
public static class GrainKeys
{
    /// <summary>The tenant of those who name none.</summary>
    public const string DefaultTenant = "default";

    /// <summary>Where a call bears the name of the tenant that it is for, in its request context.</summary>
    public const string CallContext = "oc.tenant";

    /// <summary>Where a call bears who asks for it, in its request context: what the audit log tells.</summary>
    public const string CallerContext = "oc.caller";

    /// <summary>Longest allowed name, in characters.</summary>
    public const int MaximumNameLength = 100;

    /// <summary>The key of <paramref name="name"/> in <paramref name="tenant"/>.</summary>
    /// <exception cref="ClusteringException">A name is not allowed.</exception>
    public static string For(string tenant, string name) => CheckName("tenant", tenant) + "/" + CheckName("name", name);

    /// <summary>The key of node <paramref name="index"/> on <paramref name="level"/> of the reduction tree of a job.</summary>
    public static string ForReducer(string tenant, string job, int level, int index) =>
        For(tenant, job) + "/" + Invariant(level) + "/" + Invariant(index);

    /// <summary>The key of the partition that serves one job's steps over one shard of a manifest.</summary>
    public static string ForPartition(string tenant, string manifest, int shard, string job) =>
        For(tenant, manifest) + "/" + Invariant(shard) + "/" + CheckName("job", job);

    /// <summary>The key of what assigns one shard of a dataset's version under a model.</summary>
    public static string ForShardOf(string tenant, string model, string dataset, int version, int shard) =>
        For(tenant, model) + "/" + CheckName("dataset", dataset) + "/" + Invariant(version) + "/" + Invariant(shard);

    /// <summary>Splits a <c>tenant/name</c> key.</summary>
    /// <exception cref="ClusteringException">The key has another form: somebody made it without <see cref="For"/>.</exception>
    public static (string Tenant, string Name) Parse(string key)
    {
        string[] parts = Split(key, 2);
        return (parts[0], parts[1]);
    }

    /// <summary>Reads a key that <see cref="ForReducer"/> made.</summary>
    public static (string Tenant, string Job, int Level, int Index) ParseReducer(string key)
    {
        string[] parts = Split(key, 4);
        return (parts[0], parts[1], Number(key, parts[2]), Number(key, parts[3]));
    }

    /// <summary>Reads a key that <see cref="ForPartition"/> made.</summary>
    public static (string Tenant, string Manifest, int Shard, string Job) ParsePartition(string key)
    {
        string[] parts = Split(key, 4);
        return (parts[0], parts[1], Number(key, parts[2]), parts[3]);
    }

    /// <summary>Reads a key that <see cref="ForShardOf"/> made.</summary>
    public static (string Tenant, string Model, string Dataset, int Version, int Shard) ParseShardOf(string key)
    {
        string[] parts = Split(key, 5);
        return (parts[0], parts[1], parts[2], Number(key, parts[3]), Number(key, parts[4]));
    }

    /// <summary>
    /// Answers <paramref name="name"/> when it is allowed: 1 to <see cref="MaximumNameLength"/> letters and digits of any script with their marks,
    /// <c>.</c>, <c>_</c> and <c>-</c>, beginning with a letter, a digit or <c>_</c>. Letters and marks are answered composed (NFC), so that what looks the
    /// same is the same name, however it was typed. What is passed on in headers (jobs and imports) has names of ASCII.
    /// </summary>
    /// <param name="what">What the name is of, for the message: <c>model</c>, <c>dataset</c>.</param>
    /// <param name="name">The name to check.</param>
    /// <exception cref="ClusteringException">It is not allowed; the message says why.</exception>
    public static string CheckName(string what, string? name)
    {
        if (string.IsNullOrEmpty(name))
            throw new ClusteringException($"The {what} has no name: give it one of letters, digits, '.', '_' and '-'.");
        if (name.Length > MaximumNameLength)
            throw new ClusteringException($"The {what} name '{name[..20]}…' has {name.Length} characters: use at most {MaximumNameLength}.");
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                if (Ascii.IsValid(name) || what is "job" or "import")
                    throw Contains(what, NameCharacters.Shown(name), NameCharacters.Show(name, name.IndexOf(c, StringComparison.Ordinal)));
                name = Composed(what, name);
                break;
            }
        }

        if (name[0] is '.' or '-')
            throw new ClusteringException($"The {what} name '{name}' begins with '{name[0]}': begin with a letter, a digit or '_'.");
        return name;
    }

    /// <summary>Answers <paramref name="name"/> when it is allowed and composed, as it must be to be kept.</summary>
    /// <inheritdoc cref="CheckName"/>
    public static string CheckKept(string what, string? name) => CheckName(what, name) == name
        ? name
        : throw new ClusteringException($"The {what} name '{name}' is not composed (NFC): write each letter with its marks as one character.");

    private static string Composed(string what, string name)
    {
        int other = NameCharacters.FirstOther(name);
        return other < 0
            ? ComposedText.Of(name)
            : throw Contains(what, NameCharacters.Shown(name), NameCharacters.Show(name, other));
    }

    private static ClusteringException Contains(string what, string name, string character) =>
        new($"The {what} name '{name}' contains {character}: use letters, digits, '.', '_' and '-'.");

    private static string[] Split(string key, int count)
    {
        string[] parts = key.Split('/');
        return parts.Length == count
            ? parts
            : throw new ClusteringException($"The grain key '{key}' has {parts.Length} parts instead of {count}.");
    }

    private static int Number(string key, string part) =>
        int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ClusteringException($"The grain key '{key}' has '{part}' where a number belongs.");

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
