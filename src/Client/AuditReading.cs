using System.Runtime.CompilerServices;
using OrleansCluster.Contracts;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>What is read of an audit log.</summary>
public static class AuditReading
{
    /// <summary>All lines that there are now, oldest first.</summary>
    public static async IAsyncEnumerable<string> LinesAsync(this IAuditClient audit, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(audit);
        long left = (await audit.PageAsync(cancellation: cancellation).ConfigureAwait(false)).Entries;
        for (long page = 0; left > 0; page++)
        {
            foreach (string line in (await audit.PageAsync(page, cancellation).ConfigureAwait(false)).Lines)
            {
                // What came meanwhile is of the next reading.
                if (left-- > 0)
                    yield return line;
            }
        }
    }

    /// <summary>The entries, newest first; lines that were damaged are left out.</summary>
    public static async IAsyncEnumerable<AuditEntryDocument> NewestAsync(
        this IAuditClient audit, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(audit);
        AuditPage page = await audit.PageAsync(cancellation: cancellation).ConfigureAwait(false);
        while (true)
        {
            foreach (string line in page.Lines.Reverse())
            {
                if (AuditChain.Open(line) is { } entry)
                    yield return entry;
            }

            if (page.Page == 0)
                yield break;
            page = await audit.PageAsync(page.Page - 1, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Looks through the whole log.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="known">Number of an entry whose hash was kept elsewhere; 0: none.</param>
    /// <param name="hash">That hash.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was seen; the first entry that is not as it was written is its <see cref="AuditCheck.Broken"/>.</returns>
    public static async Task<AuditCheck> VerifyAsync(this IAuditClient audit, long known = 0, string hash = "", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(audit);
        var check = new AuditCheck(known, hash);
        AuditPage newest = await audit.PageAsync(cancellation: cancellation).ConfigureAwait(false);
        for (long number = 0; number <= newest.Page && check.Broken == 0; number++)
        {
            AuditPage page = newest;
            try
            {
                // The newest may be another one by now.
                if (number < newest.Page)
                    page = await audit.PageAsync(number, cancellation).ConfigureAwait(false);
            }
            catch (ClusteringException e)
            {
                check.Unreadable($"It, and those behind it on page {number}, cannot be read: {e.Message}");
            }

            foreach (string line in page.Lines)
            {
                if (!check.Next(line))
                    break;
            }
        }

        check.EndsAt(newest.Entries, newest.Head);
        return check;
    }
}
