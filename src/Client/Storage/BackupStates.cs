using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Client.Storage;

/// <summary>Something that a backup has.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Name">What it is called; empty: it is the tenant.</param>
/// <param name="State">What it remembers.</param>
internal sealed record BackupState(BackupPart Part, string Tenant, string Name, ReadOnlyMemory<byte> State)
{
    public override string ToString() => Part switch
    {
        BackupPart.Windows => $"windows of the model '{Name}' of {Tenant}",
        BackupPart.Retraining => $"plan of retraining the model '{Name}' of {Tenant}",
        BackupPart.Alerts => $"rules of the alerts of {Tenant}",
        _ => $"{Part.ToString().ToLowerInvariant()} '{Name}' of {Tenant}",
    };
}

/// <summary>All of a backup but its blobs, which were checked as well.</summary>
internal sealed class BackupStates
{
    public List<BackupState> All { get; } = [];

    public DateTimeOffset Made { get; private set; }

    /// <summary>Which parts say nothing, because they were given up while they were written.</summary>
    public HashSet<long> GivenUp { get; } = [];

    public int Blobs { get; private set; }

    public string[] Tenants => [.. All.Select(state => state.Tenant).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads a backup to its end.</summary>
    /// <exception cref="ClusteringException">It is none, or damaged; the message names the part.</exception>
    public static async Task<BackupStates> ReadAsync(Func<Stream> open, string file, CancellationToken cancellation)
    {
        var states = new BackupStates();
        Stream stream = open();
        await using (stream.ConfigureAwait(false))
        {
            using var reader = new BackupReader(stream, file);
            await reader.BeginAsync(cancellation).ConfigureAwait(false);
            while (await reader.NextAsync(cancellation).ConfigureAwait(false))
                await states.TakeAsync(reader, file, cancellation).ConfigureAwait(false);
            if (stream.ReadByte() >= 0)
                throw BackupReader.Unusable($"{file} goes on behind its end. Nothing was restored: take another copy of the backup.");
        }

        return states;
    }

    private async Task TakeAsync(BackupReader reader, string file, CancellationToken cancellation)
    {
        if (reader.Part == BackupPart.Blob)
        {
            await foreach (ReadOnlyMemory<byte> _ in reader.ContentAsync(cancellation).ConfigureAwait(false))
            {
                // Checked, and written when all of the file is known to be whole.
            }

            if (reader.IsGivenUp)
                GivenUp.Add(reader.Parts);
            else
                Blobs++;
            return;
        }

        byte[] content = await reader.WholeAsync(cancellation).ConfigureAwait(false);
        switch (reader.Part)
        {
            case BackupPart.Head:
                Made = DateTimeOffset.ParseExact(Encoding.UTF8.GetString(content), "O", CultureInfo.InvariantCulture);
                break;
            case BackupPart.End when content.Length != sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(content) != reader.Parts - 1:
                throw BackupReader.Unusable($"{file} lacks parts before its end: it has {reader.Parts - 1}. Nothing was restored: take another copy of the "
                    + "backup.");
            case BackupPart.End:
                break;
            case BackupPart.Tenant:
                All.Add(new BackupState(reader.Part, reader.Name, "", content));
                break;
            default:
                string[] names = reader.Name.Split('/', 2);
                All.Add(new BackupState(reader.Part, names[0], names[^1], content));
                break;
        }
    }
}
