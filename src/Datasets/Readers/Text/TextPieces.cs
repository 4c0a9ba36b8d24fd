using System.Buffers;

namespace OrleansCluster.Datasets;

/// <summary>Whole lines of a text, to be read apart from the others.</summary>
internal sealed class TextPiece
{
    /// <summary>The lines, and at least <see cref="QuickNumber.Slack"/> bytes behind them.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>How many bytes the lines have.</summary>
    public required int Length { get; init; }

    /// <summary>Number of the first line, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>How many lines there are at most.</summary>
    public required long Lines { get; init; }

    /// <summary>Whether the text ends with the piece; all others end with a line break.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether the piece could not be made whole: a line is too long, or what comes behind cannot be read.</summary>
    public bool IsBroken { get; init; }

    public ReadOnlySpan<byte> Text => Bytes.AsSpan(0, Length);

    /// <summary>Gives the bytes back.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Bytes);

    /// <summary>A piece of bytes that are copied.</summary>
    public static TextPiece Of(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> behind, long line, bool isLast)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(begin.Length + behind.Length + QuickNumber.Slack);
        begin.CopyTo(bytes);
        behind.CopyTo(bytes.AsSpan(begin.Length));
        int length = begin.Length + behind.Length;
        return new TextPiece { Bytes = bytes, Length = length, Line = line, Lines = LinesOf(bytes.AsSpan(0, length)) + 1, IsLast = isLast };
    }

    /// <summary>How many lines end in a text.</summary>
    public static long LinesOf(ReadOnlySpan<byte> text)
    {
        long lines = text.Count((byte)'\n');
        for (int at = 0; text[at..].IndexOf((byte)'\r') is var next and >= 0; at += next + 1)
            lines += at + next + 1 < text.Length && text[at + next + 1] == '\n' ? 0 : 1;
        return lines;
    }
}

/// <summary>Cuts a text into pieces at ends of lines. Not thread-safe.</summary>
/// <param name="begun">What was read of it already.</param>
/// <param name="text">What comes behind.</param>
/// <param name="line">Number of the first line.</param>
/// <param name="size">About how many bytes a piece has.</param>
internal sealed class TextPieces(byte[] begun, Stream text, long line, int size) : IDisposable
{
    /// <summary>So small that a few of them stay in the processor's caches.</summary>
    public const int Size = 256 << 10;

    // A pipe gives little at a time.
    private readonly int _least = size / 4;
    private byte[] _begun = begun;
    private long _line = line;
    private bool _isOver;
    private Exception? _failure;

    /// <summary>The next piece; null at the end.</summary>
    public TextPiece? Next()
    {
        if (_isOver)
            return null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Max(size, (2 * _begun.Length) + (2 * QuickNumber.Slack)));
        _begun.CopyTo(bytes, 0);
        int filled = _begun.Length, end;
        bool isLast = false, isBroken = false;
        while (true)
        {
            isLast = !Read(bytes.AsSpan(filled..^QuickNumber.Slack), ref filled);
            end = isLast ? filled : filled < _least ? 0 : EndOfLines(bytes.AsSpan(0, filled));
            isBroken = _failure is not null || (end == 0 && filled > LineReader.MaximumLine);
            if (end > 0 || isLast || isBroken)
                break;
            if (bytes.Length - QuickNumber.Slack - filled < _least)
                bytes = Grown(bytes, filled);
        }

        _isOver = isLast || isBroken;
        _begun = bytes[end..filled];
        if (filled == 0 && !isBroken)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            return null;
        }

        long lines = TextPiece.LinesOf(bytes.AsSpan(0, end));
        var piece = new TextPiece
        {
            Bytes = bytes,
            Length = end,
            Line = _line,
            Lines = lines + (isLast ? 1 : 0),
            IsLast = isLast && !isBroken,
            IsBroken = isBroken,
        };
        _line += lines;
        return piece;
    }

    /// <summary>What comes behind the last piece; it fails where reading did.</summary>
    public Stream Rest() => new JoinedStream(new MemoryStream(_begun), _failure is null ? text : new FailedStream(_failure));

    public void Dispose() => text.Dispose();

    /// <summary>Where the last whole line ends; 0: none does. A CR at the very end may belong to an LF that follows.</summary>
    private static int EndOfLines(ReadOnlySpan<byte> text)
    {
        int end = text.LastIndexOf((byte)'\n');
        return 1 + (end >= 0 ? end : text[..^1].LastIndexOf((byte)'\r'));
    }

    private static byte[] Grown(byte[] bytes, int filled)
    {
        byte[] longer = ArrayPool<byte>.Shared.Rent(2 * bytes.Length);
        bytes.AsSpan(0, filled).CopyTo(longer);
        ArrayPool<byte>.Shared.Return(bytes);
        return longer;
    }

    private bool Read(Span<byte> free, ref int filled)
    {
        try
        {
            int read = text.Read(free);
            filled += read;
            return read > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or System.Text.DecoderFallbackException
            or DataFormatException)
        {
            // Whoever comes there in the order of the rows is told.
            _failure = e;
            return false;
        }
    }

    private sealed class FailedStream(Exception failure) : SourceStream
    {
        public override int Read(Span<byte> buffer)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            return 0;
        }
    }
}
