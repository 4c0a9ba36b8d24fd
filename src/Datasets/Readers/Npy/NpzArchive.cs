using System.IO.Compression;

namespace OrleansCluster.Datasets;

/// <summary>
/// Arrays that numpy.savez wrote: a zip archive of npy files, one of which is read, called <c>FILE.npz:NAME</c> where there are several; or all of them, where
/// they are a sparse matrix.
/// </summary>
internal sealed class NpzArchive : IDisposable
{
    private const int MostListed = 20;

    /// <summary>Arrays that every sparse matrix of scipy has.</summary>
    private static readonly string[] MatrixParts = ["format", "shape", "data"];

    private readonly InputSource _source;
    private readonly ZipArchive _archive;
    private readonly ZipArchiveEntry[] _arrays;

    private NpzArchive(InputSource source, ZipArchive archive) =>
        (_source, _archive, _arrays) = (
            source, archive, [.. archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))]);

    /// <summary>What messages call it.</summary>
    public string Name => _source.Name;

    /// <summary>Whether it holds a sparse matrix as scipy.sparse.save_npz writes it, and nobody asked for one of its arrays.</summary>
    public bool IsMatrix => _source.Entry is null && MatrixParts.All(Has);

    /// <summary>Whether the input is a zip archive whose first entry is an array.</summary>
    public static bool Is(InputSource source)
    {
        ReadOnlySpan<byte> start = source.Start;
        if (!start.StartsWith("PK\u0003\u0004"u8) || start.Length < 30)
            return source.Entry is not null;
        int length = Math.Min(start[26] | (start[27] << 8), start.Length - 30);
        return source.Entry is not null || start.Slice(30, length).EndsWith(".npy"u8);
    }

    /// <summary>Opens an archive, which disposes of the source.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public static NpzArchive Open(InputSource source)
    {
        (Microsoft.Win32.SafeHandles.SafeFileHandle file, long begin, long end) = source.Rest(0);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(new FileSlice(file, begin, end), ZipArchiveMode.Read);
            return new NpzArchive(source, archive);
        }
        catch (InvalidDataException e)
        {
            archive?.Dispose();
            throw new DataFormatException($"{source.Name} is no zip archive of arrays as numpy.savez writes it, or a damaged one. Copy or save it again.", e);
        }
    }

    /// <summary>The array that is asked for, or the only one, as an input of its own that disposes of the archive.</summary>
    /// <exception cref="DataFormatException">It is damaged, or which array is meant is open; the message names them.</exception>
    public InputSource Array() => Open(Choose(), owns: true);

    /// <summary>Whether there is an array of a name.</summary>
    public bool Has(string part) => System.Array.Exists(_arrays, entry => NameOf(entry) == part);

    /// <summary>An array of a name that is there, and the bytes that it is said to unpack to.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public (InputSource Source, long Length) Part(string part)
    {
        ZipArchiveEntry entry = System.Array.Find(_arrays, entry => NameOf(entry) == part)
            ?? throw new DataFormatException($"{Name} lacks the array '{part}' of a sparse matrix. Save it again with scipy.sparse.save_npz.");
        return (Open(entry, owns: false), entry.Length);
    }

    public void Dispose()
    {
        _archive.Dispose();
        _source.Dispose();
    }

    private InputSource Open(ZipArchiveEntry entry, bool owns)
    {
        try
        {
            return InputSource.Open(new Content(this, entry.Open(), owns), $"{Name}:{NameOf(entry)}");
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private DataFormatException Damaged(Exception e) =>
        new($"{Name} is a damaged zip archive: an array in it cannot be unpacked. Copy or save it again.", e);

    private ZipArchiveEntry Choose()
    {
        string list = string.Join(", ", _arrays.Take(MostListed).Select(NameOf)) + (_arrays.Length > MostListed ? ", …" : "");
        return _source.Entry is { } wanted
            ? System.Array.Find(_arrays, entry => NameOf(entry) == wanted) ?? throw new DataFormatException($"{Name} has no array '{wanted}': it has {list}.")
            : _arrays switch
            {
                [] => throw new DataFormatException($"{Name} has no arrays. Save one with numpy.savez('FILE.npz', x=x)."),
                [var only] => only,
                _ => throw new DataFormatException($"{Name} has {_arrays.Length} arrays: {list}. Say which: {Name}:{NameOf(_arrays[0])}."),
            };
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^4];

    /// <summary>What an array unpacks to.</summary>
    private sealed class Content(NpzArchive archive, Stream content, bool owns) : SourceStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return content.Read(buffer);
            }
            catch (InvalidDataException e)
            {
                throw archive.Damaged(e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
                if (owns)
                    archive.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
