using System.IO.Compression;

namespace OrleansCluster.Datasets;

/// <summary>Arrays that numpy.savez wrote: a zip archive of npy files, one of which is read, called <c>FILE.npz:NAME</c> where there are several.</summary>
internal sealed class NpzArchive : SourceStream
{
    private const int MostListed = 20;

    /// <summary>Arrays of a sparse matrix, none of which is a table.</summary>
    private static readonly string[] SparseParts = ["indices", "indptr", "data"];

    private readonly InputSource _source;
    private readonly ZipArchive _archive;
    private readonly Stream _content;

    private NpzArchive(InputSource source, ZipArchive archive, Stream content) => (_source, _archive, _content) = (source, archive, content);

    /// <summary>Whether the input is a zip archive whose first entry is an array.</summary>
    public static bool Is(InputSource source)
    {
        ReadOnlySpan<byte> start = source.Start;
        if (!start.StartsWith("PK\u0003\u0004"u8) || start.Length < 30)
            return source.Entry is not null;
        int length = Math.Min(start[26] | (start[27] << 8), start.Length - 30);
        return source.Entry is not null || start.Slice(30, length).EndsWith(".npy"u8);
    }

    /// <summary>Opens the array that is asked for, or the only one, as an input of its own.</summary>
    /// <exception cref="DataFormatException">It is damaged, or which array is meant is open; the message names them.</exception>
    public static InputSource Open(InputSource source)
    {
        (Microsoft.Win32.SafeHandles.SafeFileHandle file, long begin, long end) = source.Rest(0);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(new FileSlice(file, begin, end), ZipArchiveMode.Read);
            ZipArchiveEntry[] arrays = [.. archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))];
            ZipArchiveEntry chosen = Choose(source, arrays);
            return InputSource.Open(new NpzArchive(source, archive, chosen.Open()), $"{source.Name}:{NameOf(chosen)}");
        }
        catch (InvalidDataException e)
        {
            archive?.Dispose();
            throw new DataFormatException($"{source.Name} is no zip archive of arrays as numpy.savez writes it, or a damaged one. Copy or save it again.", e);
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException($"{_source.Name} is a damaged zip archive: an array in it cannot be unpacked. Copy or save it again.", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _archive.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ZipArchiveEntry Choose(InputSource source, ZipArchiveEntry[] arrays)
    {
        string list = string.Join(", ", arrays.Take(MostListed).Select(NameOf)) + (arrays.Length > MostListed ? ", …" : "");
        return source.Entry is { } wanted
            ? Array.Find(arrays, entry => NameOf(entry) == wanted) ?? throw new DataFormatException($"{source.Name} has no array '{wanted}': it has {list}.")
            : arrays switch
            {
                [] => throw new DataFormatException($"{source.Name} has no arrays. Save one with numpy.savez('FILE.npz', x=x)."),
                [var only] => only,
                _ when SparseParts.All(part => arrays.Any(entry => NameOf(entry) == part)) => throw new DataFormatException(
                    $"{source.Name} is a sparse matrix as scipy saves it, which is not read. Write it as svmlight text: "
                        + "sklearn.datasets.dump_svmlight_file(m, numpy.zeros(m.shape[0]), 'FILE.svm')."),
                _ => throw new DataFormatException(
                    $"{source.Name} has {arrays.Length} arrays: {list}. Say which: {source.Name}:{NameOf(arrays[0])}."),
            };
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^4];
}
