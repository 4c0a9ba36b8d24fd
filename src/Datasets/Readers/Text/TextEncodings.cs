using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Text in UTF-16 and UTF-32, as Excel and Windows write it, becomes UTF-8 on its way in.</summary>
internal static class TextEncodings
{
    /// <summary>The content as UTF-8. Without a byte order mark UTF-16 shows in every other byte being zero.</summary>
    public static Stream ToUtf8(InputSource source) => ToUtf8(source.Content, source.Start);

    /// <summary>The same for a text that is read from its beginning again.</summary>
    /// <param name="content">The text.</param>
    /// <param name="start">Its first bytes.</param>
    public static Stream ToUtf8(Stream content, ReadOnlySpan<byte> start) => Find(start) is { } encoding
        ? Encoding.CreateTranscodingStream(content, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        : content;

    /// <summary>The first bytes as characters, as far as they are whole; nothing where they are none.</summary>
    public static string Start(InputSource source)
    {
        Encoding encoding = Find(source.Start) ?? Encoding.UTF8;
        var characters = new char[encoding.GetMaxCharCount(source.Start.Length)];
        try
        {
            return new string(characters, 0, encoding.GetDecoder().GetChars(source.Start, characters, flush: false));
        }
        catch (DecoderFallbackException)
        {
            return "";
        }
    }

    private static Encoding? Find(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0xFF, 0xFE, 0, 0]))
            return new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true);
        if (start.StartsWith<byte>([0, 0, 0xFE, 0xFF]))
            return new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true);
        if (start.StartsWith<byte>([0xFF, 0xFE]) || HasZeros(start, 1))
            return new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);
        return start.StartsWith<byte>([0xFE, 0xFF]) || HasZeros(start, 0)
            ? new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true) : null;
    }

    /// <summary>Whether the first characters are ASCII beside zeros.</summary>
    private static bool HasZeros(ReadOnlySpan<byte> start, int zeros)
    {
        const int looked = 16;
        if (start.Length < 4)
            return false;
        for (int i = 0; i + 1 < Math.Min(start.Length, looked); i += 2)
        {
            if (start[i + zeros] != 0 || start[i + 1 - zeros] is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (>= 0x20 and < 0x7F)))
                return false;
        }

        return true;
    }
}
