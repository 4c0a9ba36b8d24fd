using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// The header of an npy file: magic, version 1 to 3, length (2 bytes in version 1, else 4), and a Python dictionary literal with
/// <c>descr</c>, <c>fortran_order</c> and <c>shape</c> (NEP 1).
/// </summary>
/// <param name="Type">The values' type, as numpy writes it: <c>&lt;f8</c>.</param>
/// <param name="ColumnMajor">Whether values lie column by column.</param>
/// <param name="Shape">Sizes; each at least 0.</param>
/// <param name="DataOffset">Where the values begin.</param>
internal sealed record NpyHeader(string Type, bool ColumnMajor, ImmutableArray<long> Shape, int DataOffset)
{
    // numpy itself refuses literals over 10,000 characters.
    private const int LongestLiteral = 64 << 10;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="DataFormatException">There is no such header.</exception>
    public static NpyHeader Read(Stream file, string path)
    {
        Span<byte> prefix = stackalloc byte[12];
        int read = file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (read < prefix.Length)
            throw Damaged(path, "it ends within the header");
        int version = prefix[6];
        if (version is < 1 or > 3)
            throw new DataFormatException($"{path} has npy format version {version}; 1 to 3 are read. Save it again with numpy.save.");
        int start = version == 1 ? 10 : 12;
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (start + length > file.Length)
            throw Damaged(path, "it ends within the header");
        if (length > LongestLiteral)
            throw Damaged(path, $"its header of {length} bytes is too long");
        var literal = new byte[length];
        file.Position = start;
        file.ReadExactly(literal);
        try
        {
            return new Parser(Encoding.UTF8.GetString(literal)).Parse(start + (int)length);
        }
        catch (FormatException e)
        {
            throw Damaged(path, e.Message);
        }
    }

    private static DataFormatException Damaged(string path, string what) =>
        new($"{path} is a damaged npy file: {what}. Save it again with numpy.save.");

    /// <summary>Reads the one form of dictionary that numpy writes, and any spacing of it.</summary>
    private sealed class Parser(string text)
    {
        private int _at;

        public NpyHeader Parse(int dataOffset)
        {
            string? type = null;
            bool? columnMajor = null;
            ImmutableArray<long>? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                string key = Quoted();
                Expect(':');
                switch (key)
                {
                    case "descr":
                        type = Peek() == '\'' || Peek() == '"' ? Quoted() : throw new FormatException("its values are records of several fields; save one plain array");
                        break;
                    case "fortran_order":
                        columnMajor = Word() switch { "True" => true, "False" => false, _ => throw Unexpected() };
                        break;
                    case "shape":
                        shape = Tuple();
                        break;
                    default:
                        throw new FormatException($"its header has an unknown entry '{key}'");
                }

                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }

            if (type is null || columnMajor is null || shape is null)
                throw new FormatException("its header lacks descr, fortran_order or shape");
            return new NpyHeader(type, columnMajor.Value, shape.Value, dataOffset);
        }

        private ImmutableArray<long> Tuple()
        {
            var sizes = ImmutableArray.CreateBuilder<long>();
            Expect('(');
            while (!Accept(')'))
            {
                string word = Word().TrimEnd('L');
                if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long size))
                    throw new FormatException($"its shape holds '{word}', which is no size");
                if (size < 0)
                    throw new FormatException($"its shape holds the negative size {size}");
                sizes.Add(size);
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }

            return sizes.ToImmutable();
        }

        private string Quoted()
        {
            char quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Unexpected();
            int end = text.IndexOf(quote, _at + 1);
            if (end < 0)
                throw Unexpected();
            string quoted = text[(_at + 1)..end];
            _at = end + 1;
            return quoted;
        }

        private string Word()
        {
            Peek();
            int start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '-'))
                _at++;
            return text[start.._at];
        }

        private char Peek()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private bool Accept(char character)
        {
            if (Peek() != character)
                return false;
            _at++;
            return true;
        }

        private void Expect(char character)
        {
            if (!Accept(character))
                throw Unexpected();
        }

        private FormatException Unexpected() => new($"its header is not what numpy writes (at character {_at})");
    }
}
