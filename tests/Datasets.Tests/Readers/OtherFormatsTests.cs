using System.IO.Compression;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Formats that are not read are named by their first bytes, whatever the file is called, gzipped or not.</summary>
public sealed class OtherFormatsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<byte[], string> Starts => new()
    {
        { [.. "PAR1"u8, 0x15, 4, 0x15], "a damaged Parquet file" },
        { [.. "ARROW1"u8, 0, 0, 0xFF, 0xFF], "a damaged Arrow file" },
        { [.. "FEA1"u8, 0, 0, 0, 0], "a Feather file" },
        { [.. "ORC"u8, 0x0A, 0x1E, 1], "an ORC file" },
        { [.. "Obj"u8, 1, 4, 0x14], "an Avro file" },
        { [0x89, .. "HDF\r\n"u8, 0x1A, 10, 0], "an HDF5 file" },
        { [.. "MATLAB 5.0 MAT-file, Platform: GLNXA64"u8, 0, 0], "a MATLAB file" },
        { [.. "SQLite format 3"u8, 0, 16, 0], "a SQLite database" },
        { [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], "an Excel workbook" },
        { "%PDF-1.7\n1 0 obj\n"u8.ToArray(), "a PDF document" },
        { [0x80, 4, 0x95, 0x10, 0], "a Python pickle" },
        { [.. "BZh91AY&SY"u8, 0xAB, 0xCD], "compressed with bzip2" },
        { [0xFD, .. "7zXZ"u8, 0, 0, 4], "compressed with xz" },
        { [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40], "compressed with lz4" },
        { [0x89, .. "PNG\r\n"u8, 0x1A, 10], "a picture" },
        { Tar(), "a tar archive" },
        { Zip("[Content_Types].xml"), "an Excel workbook" },
        { Zip("mimetype"), "an OpenDocument file" },
        { Zip("rows.csv"), "a zip archive" },
        { "[1, 2]\n[3, 4]\n"u8.ToArray(), "JSON lines of lists" },
        { "{\n  \"a\": [1, 2]\n}\n"u8.ToArray(), "JSON" },
        { "[{\"a\": 1},\n {\"a\": 2}]\n"u8.ToArray(), "JSON" },
        { "\uFEFF [[1, 2], [3, 4]]"u8.ToArray(), "JSON" },
        { "<!DOCTYPE html>\n<html>"u8.ToArray(), "a web page" },
        { "%%MatrixMarket matrix array real general\n2 1\n1.5\n2\n"u8.ToArray(), "a Matrix Market file" },
        { "\n@RELATION x\n@ATTRIBUTE a NUMERIC\n@DATA\n1\n"u8.ToArray(), "an ARFF file" },
        { "<?xml version=\"1.0\"?>"u8.ToArray(), "XML" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_format_that_is_not_read_is_named(byte[] file, string what)
    {
        foreach (string name in new[] { "t.csv", "t" })
            Table.Refusal(_folder.Write(name, file)).ShouldStartWith($"{_folder[name]} is {what}");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(file);
        Table.Refusal(_folder.Write("t.gz", packed.ToArray())).ShouldStartWith($"{_folder["t.gz"]} is {what}");
    }

    [Theory]
    [InlineData("PAR1,PAR2\n1,2\n")]
    [InlineData("FEA1,FEA2\n1,2\n")]
    [InlineData("ORC,BZh\n1,2\n")]
    [InlineData("[x],{y}\n1,2\n")]
    [InlineData("Rar!,MATLAB \n1,2\n")]
    [InlineData("<x>,y\n1,2\n")]
    public void A_header_that_begins_like_a_format_is_a_header(string text) =>
        Table.Read(_folder.Write("t.csv", text)).Values.ShouldBe([1, 2]);

    [Fact]
    public void What_is_named_npy_and_is_none_is_refused() =>
        Table.Refusal(_folder.Write("t.npy", "1,2\n")).ShouldContain("is named .npy and is none");

    private static byte[] Zip(string entry)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream content = zip.CreateEntry(entry).Open();
            content.Write(Encoding.ASCII.GetBytes("1,2\n"));
        }

        return archive.ToArray();
    }

    private static byte[] Tar()
    {
        var header = new byte[512];
        "rows.csv"u8.CopyTo(header);
        "ustar"u8.CopyTo(header.AsSpan(257));
        return header;
    }
}
