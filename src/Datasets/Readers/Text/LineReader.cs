using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// Lines of a text as UTF-8 bytes, in place in one buffer of bounded size: each ends with LF, CR LF, or CR alone. A record is one line, or several when a
/// quoted cell runs on.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>Most bytes of one line.</summary>
    public const int MaximumLine = 16 << 20;

    /// <summary>Most bytes that a quoted cell with line breaks may lengthen a record by; a stray quote is so found near its place.</summary>
    public const int MaximumContinuation = 64 << 10;

    private const int MinimumRead = 4096;

    private readonly Stream _text;
    private readonly string _path;
    private byte[] _buffer = new byte[256 << 10];
    private int _filled;
    private int _start;
    private int _end;
    private int _next;
    private long _nextLine = 1;
    private bool _atEnd;
    private bool _keeping = true;
    private readonly bool _isPart;

    public LineReader(Stream text, string path)
    {
        (_text, _path) = (text, path);
        while (_filled < 3 && Fill())
        {
        }

        if (_buffer.AsSpan(0, _filled).StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            _next = 3;
    }

    /// <summary>Lines of a text from one of its lines on, which are let go as they are passed.</summary>
    public LineReader(Stream text, string path, long line) => (_text, _path, _nextLine, _keeping) = (text, path, line, false);

    /// <summary>Lines of a piece of a text, whose bytes are the reader's.</summary>
    public LineReader(TextPiece piece, string path)
    {
        (_text, _path, _nextLine, _keeping, _atEnd) = (Stream.Null, path, piece.Line, false, true);
        (_buffer, _filled, _isPart) = (piece.Bytes, piece.Length, !piece.IsLast);
        RefuseBinary(0);
        PassEndMark();
        // What is read without looking for the end stops there.
        _buffer[_filled] = (byte)'\n';
    }

    /// <summary>Lines that begin with this character are passed over by <see cref="NextFilled"/>; 0: none are.</summary>
    public byte Comment { get; set; }

    /// <summary>Number of the current record's first line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The current record, without its line break.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        if (IsUnfinished)
            return false;
        (_start, _end, Line) = (_next, _next, _nextLine);
        return FindEnd();
    }

    /// <summary>Goes to the next line that has more than white space and is no comment.</summary>
    public bool NextFilled()
    {
        while (Next())
        {
            ReadOnlySpan<byte> content = Record.TrimStart(" \t"u8);
            if (!content.IsEmpty && (Comment == 0 || content[0] != Comment))
                return true;
        }

        return false;
    }

    /// <summary>Lengthens the record by the next line.</summary>
    /// <returns>False when there is none, or the record would get too long.</returns>
    public bool Extend()
    {
        if (_next - _start > MaximumContinuation)
            return false;
        bool found = FindEnd();
        IsUnfinished = !found && _isPart;
        return found;
    }

    /// <summary>Of a piece: whether the current record goes on behind it.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Of a piece: the current record and what comes behind it, copied.</summary>
    public TextPiece Rest() => TextPiece.Of(_buffer.AsSpan(_start, _filled - _start), [], Line, isLast: false);

    /// <summary>
    /// Of a piece: what comes behind the current record, with <see cref="QuickNumber.Slack"/> bytes behind that, of which the first ends a line.
    /// </summary>
    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_next, _filled - _next);

    /// <summary>Number of the line that comes next.</summary>
    public long NextLine => _nextLine;

    /// <summary>Passes whole lines.</summary>
    public void Pass(int bytes, int lines) => (_next, _nextLine) = (_next + bytes, _nextLine + lines);

    /// <summary>Whether all that is left of the text is in memory: which has so many bytes, at least, while it is not.</summary>
    public bool IsAllThere(int bytes)
    {
        while (!_atEnd && _filled - _next < bytes && _buffer.Length - _filled >= MinimumRead)
            Fill();
        return _atEnd;
    }

    /// <summary>What was read and not passed, and the text behind it, which is the caller's from then on.</summary>
    public (byte[] Begun, Stream Behind) Leave() => (_buffer[_next.._filled], _text);

    /// <summary>Where the next line begins; it can be gone back to until <see cref="StartReading"/>.</summary>
    public (int Next, long Line) Here => (_next, _nextLine);

    /// <summary>Goes back to where a line began.</summary>
    public void GoBack((int Next, long Line) mark) => (_next, _nextLine) = mark;

    /// <summary>From now on lines that were passed are let go.</summary>
    public void StartReading() => _keeping = false;

    public void Dispose() => _text.Dispose();

    private bool FindEnd()
    {
        for (int searched = _next; ;)
        {
            int length = _buffer.AsSpan(searched, _filled - searched).IndexOfAny((byte)'\n', (byte)'\r');
            if (length >= 0)
            {
                _end = searched + length;
                break;
            }

            (int start, int filled) = (_start, _filled);
            if (!Fill())
            {
                if (_next == _filled)
                    return false;
                _end = _next = _filled;
                _nextLine++;
                return true;
            }

            searched = filled - (start - _start);
        }

        // A CR that is the last of what is there may belong to an LF that follows.
        if (_buffer[_end] == '\r' && _end + 1 == _filled)
        {
            int start = _start;
            Fill();
            _end -= start - _start;
        }

        bool isPair = _buffer[_end] == '\r' && _end + 1 < _filled && _buffer[_end + 1] == '\n';
        _next = _end + (isPair ? 2 : 1);
        _nextLine++;
        return true;
    }

    /// <summary>Reads more behind what is there, making room first.</summary>
    private bool Fill()
    {
        if (_atEnd)
            return false;
        if (_buffer.Length - _filled < MinimumRead)
            MakeRoom();
        int before = _filled;
        bool more = Read();
        RefuseBinary(before);
        PassEndMark();
        return more;
    }

    /// <summary>Ctrl-Z ended a text for DOS, and some programs still close one with it.</summary>
    private void PassEndMark()
    {
        while (_atEnd && !_isPart && _filled > _next && _buffer[_filled - 1] == 0x1A)
            _filled--;
    }

    private bool Read()
    {
        int before = _filled;
        try
        {
            _filled += _text.Read(_buffer.AsSpan(_filled));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{_path} cannot be read: {FileFailure.Reason(e)}", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException($"{_path}, after line {_nextLine - 1}: the text is not whole characters of UTF-16 or UTF-32, as which it begins. "
                + "Save it as UTF-8.", e);
        }

        _atEnd = _filled == before;
        return !_atEnd;
    }

    private void MakeRoom()
    {
        if (!_keeping && _start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            _filled -= _start;
            _next -= _start;
            _start = 0;
        }

        // Few large reads are better than many small ones.
        if (_buffer.Length - _filled >= _buffer.Length / 2)
            return;
        if (_filled - _start >= MaximumLine)
            throw new DataFormatException($"{_path}, line {Line}: the line is longer than {MaximumLine >> 20} MiB, so this is hardly a table. Check that it "
                + "is text with one row a line.");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private void RefuseBinary(int from)
    {
        int at = _buffer.AsSpan(from, _filled - from).IndexOf((byte)0);
        if (at < 0)
            return;
        ReadOnlySpan<byte> before = _buffer.AsSpan(_next, Math.Max(from + at - _next, 0));
        long line = _nextLine + Math.Max(before.Count((byte)'\n'), before.Count((byte)'\r'));
        throw new DataFormatException($"{_path}, line {line}: there is a zero byte, so this is binary data and no text. Give a text table or an npy file.");
    }
}
