using Microsoft.Win32.SafeHandles;

namespace OrleansCluster.Datasets;

/// <summary>
/// An input: a file, a pipe or standard input. It is opened once and its content, unpacked when it is compressed, is read front to back once, because a
/// pipe cannot be asked again. Its first bytes can be looked at before.
/// </summary>
internal sealed class InputSource : IDisposable
{
    private const int StartBytes = 4096;

    private static readonly byte[] ZstdMagic = [0x28, 0xB5, 0x2F, 0xFD];

    private readonly FileStream? _file;
    private readonly byte[] _start;
    private FileStream? _copy;

    private InputSource(string path, Stream input)
    {
        Name = InputName.Of(path);
        (string file, Entry) = InputName.Split(path);
        (string bare, string packed) = InputName.Unpacked(file);
        Ending = Path.GetExtension(bare).ToLowerInvariant();
        Content = input;
        _start = LookAhead();
        if (Unpack() is { } content)
        {
            Content = content;
            _start = LookAhead();
        }
        else if (packed.Length > 0)
        {
            string packer = packed == ".gz" ? "gzip" : "zstd";
            string isNot = packed == ".gz" ? "gzipped" : "compressed so";
            throw new DataFormatException($"{Name} is named {packed} and is not {isNot}: its first bytes are not those of a {packer} file. Rename it, or "
                + $"{packer} it again.");
        }
        else
        {
            _file = input is FileStream { CanSeek: true } opened ? opened : null;
        }

        if (_start.Length == 0)
            throw new DataFormatException($"{Name} is empty. Give a file with rows.");
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The ending of its name, in small letters, without one that says it is compressed.</summary>
    public string Ending { get; }

    /// <summary>What is meant within it: an array of an archive; null: all of it.</summary>
    public string? Entry { get; }

    /// <summary>The first bytes of the content, which are still to be read.</summary>
    public ReadOnlySpan<byte> Start => _start;

    /// <summary>Whether the first bytes are all that there is.</summary>
    public bool IsWhole => _start.Length < StartBytes;

    /// <summary>What is not read yet of the content.</summary>
    public Stream Content { get; private set; }

    /// <summary>Bytes of the content where they are known beforehand: of a file that is not gzipped.</summary>
    public long? Length => _file?.Length;

    /// <exception cref="DataFormatException">It is not there, cannot be read, is empty, or is gzipped and damaged.</exception>
    public static InputSource Open(string path) => Open(OpenStream(InputName.Split(path).File), path);

    /// <summary>An input that is open already.</summary>
    /// <param name="input">Read front to back once, and ended with the source.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DataFormatException">It cannot be read, is empty, or is gzipped and damaged.</exception>
    public static InputSource Open(Stream input, string name)
    {
        try
        {
            return new InputSource(name, input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Reads bytes of the content until the buffer is full or the content ends.</summary>
    /// <exception cref="DataFormatException">The input cannot be read.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return Content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{Name} cannot be read: {FileFailure.Reason(e)}", e);
        }
    }

    /// <summary>
    /// The rest of the content as a file that can be read at any place: the input itself, or else a temporary copy that nothing is left of afterwards.
    /// </summary>
    /// <param name="consumed">Bytes of the content read so far.</param>
    /// <returns>The file, and where in it the rest begins and ends.</returns>
    /// <exception cref="DataFormatException">The input cannot be read, or not be copied.</exception>
    public (SafeFileHandle File, long Begin, long End) Rest(long consumed)
    {
        if (_file is not null)
            return (_file.SafeFileHandle, consumed, _file.Length);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            _copy = new FileStream(
                path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 0 });
            // Where an open file can be removed, even a killed process leaves nothing.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            Content.CopyTo(_copy, 1 << 20);
            return (_copy.SafeFileHandle, 0, _copy.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{Name} cannot be copied to {Path.GetTempPath()}, which is needed to read it: {FileFailure.Reason(e)}", e);
        }
    }

    public void Dispose()
    {
        Content.Dispose();
        _copy?.Dispose();
    }

    private static Stream OpenStream(string path)
    {
        if (path == InputName.StandardInput)
            return Console.OpenStandardInput();
        if (Directory.Exists(path))
            throw new DataFormatException($"{path} is a folder. Name a file in it.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{path} cannot be read: {FileFailure.Reason(e)}", e);
        }
    }

    private Stream? Unpack() => _start.AsSpan().StartsWith(GzipSource.Magic) ? new GzipSource(Content, Name)
        : _start.AsSpan().StartsWith(ZstdMagic) ? OpenZstd()
        : null;

    // Apart, so that the library is loaded by those who need it.
    private ZstdSource OpenZstd() => new(Content, Name);

    private byte[] LookAhead()
    {
        var start = new byte[StartBytes];
        Array.Resize(ref start, Read(start));
        Content = new JoinedStream(new MemoryStream(start), Content);
        return start;
    }
}
