using System.Security.Cryptography;
using System.Text;
using OrleansCluster.Contracts;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>Lines of an audit log, and what shows of one that was changed.</summary>
public sealed class AuditChainTests
{
    [Fact]
    public void A_hash_is_that_of_the_line_before_it()
    {
        string line = Log(1)[0];
        int at = line.IndexOf(",\"hash\":\"", StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(line[..at])));
        line[at..].ShouldBe($",\"hash\":\"{hash}\"}}");
        AuditChain.Open(line)!.Who.ShouldBe("Jürgen \"1\"");
        Log(2)[1].ShouldContain($"\"before\":\"{hash}\"");
    }

    [Fact]
    public void One_byte_that_is_changed_anywhere_is_named()
    {
        string[] log = Log(4);
        string head = AuditChain.Open(log[^1])!.Hash!;
        for (int line = 0; line < log.Length; line++)
        {
            for (int at = 0; at < log[line].Length; at++)
            {
                string[] changed = [.. log];
                changed[line] = log[line].Remove(at, 1).Insert(at, ((char)(log[line][at] ^ 1)).ToString());
                AuditCheck check = Check(changed, log.Length, head);
                (check.Broken, check.Entries).ShouldBe((line + 1, line), $"byte {at}");
            }
        }
    }

    [Fact]
    public void What_is_missing_moved_or_sealed_anew_is_named()
    {
        string[] log = Log(5);
        string head = AuditChain.Open(log[^1])!.Hash!;
        Check(log, 5, head).Broken.ShouldBe(0);
        Check([], 0, "").Broken.ShouldBe(0);
        Check([log[0], .. log[2..]], 5, head).Broken.ShouldBe(2);
        Check([log[0], log[2], log[1], log[3], log[4]], 5, head).Broken.ShouldBe(2);
        Check(log[..4], 5, head).Broken.ShouldBe(5);
        Check(log[1..], 5, head).Broken.ShouldBe(1);
        Check([.. log, log[4]], 5, head).Broken.ShouldBe(6);

        // Whoever seals an entry anew gives it another hash, and the next one still bears the first.
        AuditEntryDocument entry = AuditChain.Open(log[2])!;
        entry.Who = "nobody";
        Check([log[0], log[1], AuditChain.Seal(entry), log[3], log[4]], 5, head).Broken.ShouldBe(3);
        // The last has no next one, but the log knows how it ends.
        entry = AuditChain.Open(log[4])!;
        entry.Who = "nobody";
        string forged = AuditChain.Seal(entry);
        Check([.. log[..4], forged], 5, head).Broken.ShouldBe(5);
        // All of it written anew holds together, unless one of its hashes was kept elsewhere.
        Check([.. log[..4], forged], 5, entry.Hash!).Broken.ShouldBe(0);
        Check([.. log[..4], forged], 5, entry.Hash!, 5, head).Broken.ShouldBe(5);
        Check(log[..3], 3, AuditChain.Open(log[2])!.Hash!, 5, head).Broken.ShouldBe(4);
        Check(log, 5, head, 5, head).Broken.ShouldBe(0);
    }

    private static string[] Log(int entries)
    {
        var lines = new List<string>();
        string before = "";
        for (int number = 1; number <= entries; number++)
        {
            var entry = new AuditEntryDocument
            {
                Number = number,
                At = new DateTimeOffset(2026, 1, 2, 3, 4, number, TimeSpan.Zero),
                Who = $"Jürgen \"{number}\"",
                What = "model.set-alias",
                Which = "m",
                Outcome = AuditOutcomes.Done,
                Times = 1,
                Before = before,
            };
            lines.Add(AuditChain.Seal(entry));
            before = entry.Hash!;
        }

        return [.. lines];
    }

    private static AuditCheck Check(string[] lines, long entries, string head, long known = 0, string hash = "")
    {
        var check = new AuditCheck(known, hash);
        foreach (string line in lines)
        {
            if (!check.Next(line))
                break;
        }

        check.EndsAt(entries, head);
        return check;
    }
}
