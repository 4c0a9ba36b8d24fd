using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Formats that are known by their first bytes and not read: who gives one is told what it is, and what to do.</summary>
internal static class OtherFormats
{
    private const string AsCsv = "Save the table as CSV.";
    private const string AsArray = "Save the array with numpy.save.";

    private static readonly (byte[] Magic, int Offset, string What, string Remedy)[] Known =
    [
        ("FEA1"u8.ToArray(), 0, "a Feather file", "Save it as CSV: pandas.read_feather('FILE').to_csv('FILE.csv', index=False)."),
        ("ORC"u8.ToArray(), 0, "an ORC file", "Save it as CSV: pandas.read_orc('FILE').to_csv('FILE.csv', index=False)."),
        ([(byte)'O', (byte)'b', (byte)'j', 1], 0, "an Avro file", AsCsv),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], 0, "an HDF5 file", AsArray),
        ("MATLAB "u8.ToArray(), 0, "a MATLAB file", "Save the matrix as CSV: writematrix(x, 'FILE.csv')."),
        ([(byte)'C', (byte)'D', (byte)'F', 1], 0, "a NetCDF file", AsCsv),
        ([(byte)'C', (byte)'D', (byte)'F', 2], 0, "a NetCDF file", AsCsv),
        ("SQLite format 3"u8.ToArray(), 0, "a SQLite database", "Save the table as CSV: sqlite3 -header -csv FILE 'select * from TABLE'."),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0, "an Excel workbook (or another Office document)", "Save the sheet as CSV UTF-8."),
        ("$FL2"u8.ToArray(), 0, "an SPSS file", AsCsv),
        ("<stata_dta>"u8.ToArray(), 0, "a Stata file", AsCsv),
        ("RDX3\n"u8.ToArray(), 0, "an R workspace", "Save the table as CSV: write.csv(x, 'FILE.csv', row.names = FALSE)."),
        ("RDX2\n"u8.ToArray(), 0, "an R workspace", "Save the table as CSV: write.csv(x, 'FILE.csv', row.names = FALSE)."),
        ("X\n\0\0\0"u8.ToArray(), 0, "an R object", "Save the table as CSV: write.csv(readRDS('FILE'), 'FILE.csv', row.names = FALSE)."),
        ([0x80, 2], 0, "a Python pickle, which can run code when it is read", AsArray),
        ([0x80, 3], 0, "a Python pickle, which can run code when it is read", AsArray),
        ([0x80, 4], 0, "a Python pickle, which can run code when it is read", AsArray),
        ([0x80, 5], 0, "a Python pickle, which can run code when it is read", AsArray),
        ("1AY&SY"u8.ToArray(), 4, "compressed with bzip2", "Unpack it: bunzip2 FILE."),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], 0, "compressed with xz", "Unpack it: unxz FILE."),
        ([0x04, 0x22, 0x4D, 0x18], 0, "compressed with lz4", "Unpack it: unlz4 FILE."),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], 0, "a 7z archive", "Unpack it and name a file in it."),
        ("Rar!"u8.ToArray(), 0, "a RAR archive", "Unpack it and name a file in it."),
        ("ustar"u8.ToArray(), 257, "a tar archive", "Unpack it and name a file in it."),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], 0, "a picture", "Give a table."),
        ([0xFF, 0xD8, 0xFF], 0, "a picture", "Give a table."),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], 0, "a program", "Give a table."),
    ];

    /// <summary>Whether the input is a text whose first letters are those of a format: PAR1,PAR2,… What is no text has other bytes too.</summary>
    public static bool IsText(InputSource source) => !source.Start.ContainsAnyInRange((byte)0, (byte)8);

    /// <summary>Whether every line is a JSON object, as the first one shows, or else the name.</summary>
    public static bool IsJsonLines(InputSource source)
    {
        if (source.Ending is ".jsonl" or ".ndjson")
            return true;
        ReadOnlySpan<byte> text = Trim(source.Start);
        if (text.IsEmpty || text[0] != '{' || Json(source.Start) is null)
            return false;
        int line = text.IndexOf((byte)'\n');
        // A line longer than what is seen may be a row.
        return line < 0 ? !source.IsWhole || text.TrimEnd("\r\t "u8)[^1] == '}'
            : text[..line].TrimEnd("\r\t "u8)[^1] == '}' && Trim(text[line..]) is [] or [(byte)'{', ..];
    }

    /// <exception cref="DataFormatException">The input is of a known format that is not read, or its name promises another one.</exception>
    public static void Refuse(InputSource source, ReadOptions options)
    {
        ReadOnlySpan<byte> start = source.Start;
        foreach ((byte[] magic, int offset, string what, string remedy) in Known)
        {
            // A header may begin with the letters of a magic: PAR1,PAR2,… What is no text has other bytes too.
            if (start.Length > offset && start[offset..].StartsWith(magic)
                && (offset > 0 || !Ascii.IsValid(magic) || start.ContainsAnyInRange((byte)0, (byte)8)))
                throw Refusal(source, what, remedy);
        }

        if (start.StartsWith("PK\u0003\u0004"u8))
            throw Zip(source);
        if (start.StartsWith("%PDF-"u8))
            throw Refusal(source, "a PDF document", "Get the table itself, as CSV.");
        if (Markup(start) is { } markup)
            throw Refusal(source, markup, AsCsv);
        if (Tagged(start) is { } tagged)
            throw Refusal(source, tagged.What, tagged.Remedy);
        if (Json(start) is { } json)
            throw Refusal(source, json, "Save the rows as CSV, or as JSON lines: one object a line.");
        if (OtherTexts.Find(source, options) is { } text)
            throw Refusal(source, text.What, text.Remedy);
        if (source.Ending == ".npy")
            throw new DataFormatException($"{source.Name} is named .npy and is none: its first bytes are not those of an npy file. Save it with numpy.save, "
                + "or rename it if it is text.");
    }

    private static DataFormatException Refusal(InputSource source, string what, string remedy) => new($"{source.Name} is {what}, which is not read. {remedy}");

    /// <summary>What a zip archive is shows in the name of its first entry, which follows 30 bytes of header.</summary>
    private static DataFormatException Zip(InputSource source)
    {
        ReadOnlySpan<byte> start = source.Start;
        int length = start.Length > 30 ? Math.Min(start[26] | (start[27] << 8), start.Length - 30) : 0;
        string entry = Encoding.UTF8.GetString(start.Slice(Math.Min(30, start.Length), length));
        if (entry.EndsWith(".npy", StringComparison.Ordinal))
            return Refusal(source, "an npz file, a zip archive of arrays", "Save one of them: numpy.save('FILE.npy', numpy.load('FILE.npz')['NAME']).");
        return entry == "[Content_Types].xml" || entry.StartsWith("xl/", StringComparison.Ordinal) || entry.StartsWith("_rels/", StringComparison.Ordinal)
            ? Refusal(source, "an Excel workbook (or another Office document)", "Save the sheet as CSV UTF-8.")
            : entry == "mimetype"
                ? Refusal(source, "an OpenDocument file", "Save the sheet as CSV, in UTF-8.")
                : Refusal(source, "a zip archive", "Unpack it and name a file in it.");
    }

    private static string? Markup(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = Trim(start);
        if (StartsWith(text, "<!doctype html"u8) || StartsWith(text, "<html"u8))
            return "a web page";
        return StartsWith(text, "<?xml"u8) ? "XML" : null;
    }

    /// <summary>Texts that say in their first line what they are.</summary>
    private static (string What, string Remedy)? Tagged(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = Trim(start);
        if (StartsWith(text, "%%MatrixMarket"u8))
            return ("a Matrix Market file", "Save the array: numpy.save('FILE.npy', scipy.io.mmread('FILE')), with .toarray() behind it if it is sparse.");
        return StartsWith(text, "@relation"u8) ? ("an ARFF file", "Save the rows below @data as CSV.") : null;
    }

    private static string? Json(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = Trim(start);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
            return null;
        ReadOnlySpan<byte> inside = Trim(text[1..]);
        if (inside.IsEmpty || (text[0] == '{' ? inside[0] is not ((byte)'"' or (byte)'}')
            : inside[0] is not ((byte)'{' or (byte)'[' or (byte)']' or (byte)'"' or (byte)'-' or (>= (byte)'0' and <= (byte)'9'))))
            return null;
        int line = text.IndexOf((byte)'\n');
        return line >= 0 && Trim(text[line..]) is [var next, ..] && next == text[0] && text[..line].TrimEnd("\r\t "u8)[^1] is (byte)'}' or (byte)']'
            ? "JSON lines of lists" : "JSON";
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> what) =>
        text.Length >= what.Length && Ascii.EqualsIgnoreCase(text[..what.Length], what);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => (text.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? text[3..] : text).TrimStart("\r\n\t "u8);
}
