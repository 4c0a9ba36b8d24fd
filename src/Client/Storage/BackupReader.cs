using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Client.Storage;

/// <summary>Reads a backup, part by part (<see cref="BackupWriter"/> says how it is written). Each part is checked at its end.</summary>
/// <param name="stream">The file.</param>
/// <param name="file">What it is called, for messages.</param>
internal sealed class BackupReader(Stream stream, string file) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _at;
    private long _begin;

    /// <summary>Parts that were begun.</summary>
    public long Parts { get; private set; }

    /// <summary>What the part is; nothing before the first.</summary>
    public BackupPart Part { get; private set; }

    /// <summary>Its name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the part was given up while it was written: it says nothing. Known when its content was read.</summary>
    public bool IsGivenUp { get; private set; }

    /// <exception cref="ClusteringException">The file is no backup, or one of a later build.</exception>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var head = new byte[BackupWriter.Magic.Length + 1];
        int length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (length < head.Length || Encoding.ASCII.GetString(head, 0, BackupWriter.Magic.Length) != BackupWriter.Magic)
            throw Unusable($"{file} is no backup: those that 'backup' makes begin with {BackupWriter.Magic}.");
        if (head[^1] != BackupWriter.Version)
            throw Unusable($"{file} is a backup of format {head[^1]}, and this program reads format {BackupWriter.Version}: restore it with the version of "
                + "the program that made it, or a later one.");
        _at = head.Length;
    }

    /// <summary>Goes to the next part, behind the content of the one before.</summary>
    /// <returns>Whether there is one: false behind the last.</returns>
    /// <exception cref="ClusteringException">The file ends or is damaged here.</exception>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (Part == BackupPart.End)
            return false;
        _begin = _at;
        Parts++;
        (Part, Name, IsGivenUp) = (default, "", false);
        byte[] head = await TakeAsync(3, cancellation).ConfigureAwait(false);
        Part = (BackupPart)head[0];
        if (!Enum.IsDefined(Part))
            throw Damaged("begins with something else");
        Name = Encoding.UTF8.GetString(await TakeAsync(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(1)), cancellation).ConfigureAwait(false));
        return true;
    }

    /// <summary>The content of the part, in the pieces in which it was written; at its end it was checked.</summary>
    /// <exception cref="ClusteringException">The file ends or is damaged here.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ContentAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(await TakeAsync(sizeof(uint), cancellation).ConfigureAwait(false));
            if (length is 0 or BackupWriter.GivenUp)
            {
                IsGivenUp = length != 0;
                break;
            }

            // States are one piece; nothing is so long.
            if (length > 1 << 30)
                throw Damaged("has a piece of an impossible length");
            yield return await TakeAsync((int)length, cancellation).ConfigureAwait(false);
        }

        byte[] found = _hash.GetHashAndReset(), told = new byte[SHA256.HashSizeInBytes];
        await FillAsync(told, cancellation).ConfigureAwait(false);
        if (!told.AsSpan().SequenceEqual(found))
            throw Damaged("does not have the checksum that was written with it");
    }

    /// <summary>The whole content.</summary>
    public async Task<byte[]> WholeAsync(CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await foreach (ReadOnlyMemory<byte> piece in ContentAsync(cancellation).ConfigureAwait(false))
            content.Write(piece.Span);
        return content.ToArray();
    }

    public void Dispose() => _hash.Dispose();

    private async Task<byte[]> TakeAsync(int length, CancellationToken cancellation)
    {
        // A length may be damaged: no more is taken than there is.
        if (stream.CanSeek && length > stream.Length - stream.Position)
            throw Cut();
        var bytes = new byte[length];
        await FillAsync(bytes, cancellation).ConfigureAwait(false);
        _hash.AppendData(bytes);
        return bytes;
    }

    private async Task FillAsync(byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw Cut();
        }

        _at += bytes.Length;
    }

    private ClusteringException Cut() => Damaged("is cut off, or damaged");

    private ClusteringException Damaged(string how)
    {
        string what = !Enum.IsDefined(Part) ? "" : $" ({Part.ToString().ToLowerInvariant()}{(Name.Length > 0 ? " " + Name : "")})";
        return Unusable($"{file}: part {Parts}{what}, from byte {_begin} on, {how}. Nothing was restored: take another copy of the backup.");
    }

    /// <summary>The file is to blame: such a refusal has an <see cref="InvalidDataException"/> within.</summary>
    internal static ClusteringException Unusable(string message) => new(message, new InvalidDataException(message));
}
