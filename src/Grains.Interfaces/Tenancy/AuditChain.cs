using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansCluster.Contracts;

namespace OrleansCluster.Tenancy;

/// <summary>
/// How entries of an audit log are sealed and checked. A line is the JSON of an <see cref="AuditEntryDocument"/>, in ASCII; its hash is the SHA-256 of its
/// bytes up to <c>,"hash":</c>, and the next one bears it as <c>before</c>. Whoever can write the store could seal everything anew: keep a number and its hash
/// elsewhere, and ask whether the log still has them.
/// </summary>
public static class AuditChain
{
    private const string Mark = ",\"hash\":\"", End = "\"}";
    private const int HashDigits = 64;

    /// <summary>Seals an entry.</summary>
    /// <param name="entry">All of it but its hash, which is set.</param>
    /// <returns>The line.</returns>
    public static string Seal(AuditEntryDocument entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Hash = null;
        string body = JsonSerializer.Serialize(entry, ContractJson.Default.AuditEntryDocument)[..^1];
        entry.Hash = HashOf(body);
        return body + Mark + entry.Hash + End;
    }

    /// <summary>The entry of a line.</summary>
    /// <returns>The entry; null: the line is not as it was sealed, or of a newer program.</returns>
    public static AuditEntryDocument? Open(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        int at = line.Length - End.Length - HashDigits - Mark.Length;
        if (at < 0 || string.CompareOrdinal(line, at, Mark, 0, Mark.Length) != 0 || !line.EndsWith(End, StringComparison.Ordinal)
            || HashOf(line[..at]) != line.Substring(at + Mark.Length, HashDigits))
            return null;
        try
        {
            AuditEntryDocument? entry = JsonSerializer.Deserialize(line, ContractJson.Default.AuditEntryDocument);
            return entry is { FormatVersion: AuditEntryDocument.Format } ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Looks through an audit log, line by line from the first on.</summary>
/// <param name="known">Number of an entry whose hash was kept elsewhere; 0: none.</param>
/// <param name="hash">That hash.</param>
public sealed class AuditCheck(long known = 0, string hash = "")
{
    /// <summary>Entries that are as they were written.</summary>
    public long Entries { get; private set; }

    /// <summary>Hash of the newest of those; empty: there is none.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Number of the first entry that is not as it was written, or is not there; 0: none was found.</summary>
    public long Broken { get; private set; }

    /// <summary>What is wrong with it, as a sentence.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Looks at the next line.</summary>
    /// <returns>Whether it is as it was written, as far as is seen.</returns>
    public bool Next(string line)
    {
        if (Broken > 0)
            return false;
        long number = Entries + 1;
        if (AuditChain.Open(line) is not { } entry)
            return Breaks(number, "It is not as it was written: its hash is another.");
        if (entry.Number != number)
            return Breaks(number, $"It is not there: the next one says that it is entry {entry.Number}.");
        if (entry.Before != Head)
            return Breaks(Math.Max(1, number - 1), $"It is not the one that was there when entry {number} was written, which bears another hash of it.");
        if (number == known && entry.Hash != hash)
            return Breaks(number, "Its hash is not the one that was kept: it, or one before it, was written anew.");
        (Entries, Head) = (number, entry.Hash!);
        return true;
    }

    /// <summary>Notes that the next entry cannot be read.</summary>
    public void Unreadable(string why)
    {
        if (Broken == 0)
            Breaks(Entries + 1, why);
    }

    /// <summary>Looks whether the last line was the last.</summary>
    /// <param name="entries">How many there should be.</param>
    /// <param name="head">Hash of the last.</param>
    public void EndsAt(long entries, string head)
    {
        if (Broken > 0)
            return;
        if (Entries != entries)
            Breaks(Math.Min(Entries, entries) + 1, $"There should be {entries} entries, and there are {Entries}.");
        else if (Head != head)
            Breaks(Math.Max(1, Entries), "It is not the one that the log ends with.");
        else if (known > Entries)
            Breaks(Entries + 1, $"It is not there: entry {known}, whose hash was kept, is missing with all before it from here on.");
    }

    private bool Breaks(long number, string why)
    {
        (Broken, Why) = (number, why);
        return false;
    }
}
