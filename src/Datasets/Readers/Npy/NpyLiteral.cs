using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Reads the one form of dictionary that numpy writes as a header, and any spacing of it.</summary>
internal sealed class NpyLiteral(string text)
{
    private const int MostFields = 1 << 20, Deepest = 32;

    private readonly ImmutableArray<NpyField>.Builder _fields = ImmutableArray.CreateBuilder<NpyField>();
    private int _at;
    private int _depth;

    /// <exception cref="FormatException">It is another text; the message says what is wrong with it.</exception>
    public NpyHeader Header(int dataOffset)
    {
        int? elementBytes = null;
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
                    elementBytes = Type("", "", 0);
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

        if (elementBytes is null || columnMajor is null || shape is null)
            throw new FormatException("its header lacks descr, fortran_order or shape");
        return new NpyHeader(_fields.ToImmutable(), elementBytes.Value, columnMajor.Value, shape.Value, dataOffset);
    }

    /// <summary>Reads a type: a text, or a list of fields.</summary>
    /// <param name="name">What the value is called; null: bytes between fields, which are passed over.</param>
    /// <param name="prefix">What the names of fields within begin with.</param>
    /// <param name="offset">Where it begins.</param>
    /// <returns>Its bytes.</returns>
    private int Type(string? name, string prefix, int offset)
    {
        if (Peek() == '[')
            return Record(prefix, offset);
        NpyElement element = NpyElement.Parse(Quoted());
        if (name is not null)
            _fields.Add(_fields.Count < MostFields ? new NpyField(name, element, offset)
                : throw new FormatException($"its records have more than {MostFields} fields"));
        return element.Size;
    }

    /// <summary>Reads <c>[('x', '&lt;f8'), ('v', '&lt;f4', (3,)), ('', '|V4'), …]</c>.</summary>
    private int Record(string prefix, int offset)
    {
        int begin = offset;
        if (_depth++ == Deepest)
            throw new FormatException("its records are too deep within each other");
        Expect('[');
        while (!Accept(']'))
        {
            Expect('(');
            offset = Add(offset, Field(prefix, offset));
            Accept(',');
            Expect(')');
            if (!Accept(','))
            {
                Expect(']');
                break;
            }
        }

        _depth--;
        return offset - begin;
    }

    /// <summary>
    /// Reads a field, after its opening parenthesis: records within are joined by a point (<c>a.x</c>), values of an array within are numbered (<c>v0</c>).
    /// </summary>
    private int Field(string prefix, int offset)
    {
        string own = FieldName();
        string? name = own.Length == 0 ? null : prefix + own;
        Expect(',');
        (int type, int fields) = (_at, _fields.Count);
        int size = Type(name, name + ".", offset);
        int end = _at;
        if (!Accept(',') || Peek() != '(')
        {
            _at = end;
            return size;
        }

        long count = 1;
        foreach (long length in Tuple())
            count = Math.Min(count * Math.Min(length, MostFields + 1L), MostFields + 1L);
        if (count > MostFields)
            throw new FormatException($"its field '{name}' is an array of too many values");
        end = _at;
        _fields.RemoveRange(fields, _fields.Count - fields);
        int bytes = 0;
        for (int i = 0; i < count; i++, bytes = Add(bytes, size))
        {
            _at = type;
            string? numbered = name is null ? null : name + i.ToString(CultureInfo.InvariantCulture);
            Type(numbered, numbered + ".", Add(offset, bytes));
        }

        _at = end;
        return bytes;
    }

    /// <summary>A name, or a title and a name: <c>('Title', 'name')</c>.</summary>
    private string FieldName()
    {
        if (!Accept('('))
            return Quoted();
        Quoted();
        Expect(',');
        string name = Quoted();
        Expect(')');
        return name;
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
        var quoted = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != quote; _at++)
        {
            // Of what Python escapes, names hold quotes and backslashes; other characters stand for themselves.
            if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] is '\\' or '\'' or '"')
                _at++;
            quoted.Append(text[_at]);
        }

        if (_at == text.Length)
            throw Unexpected();
        _at++;
        return quoted.ToString();
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

    private static int Add(int offset, int size) =>
        offset <= int.MaxValue - size ? offset + size : throw new FormatException("its records are too long");
}
