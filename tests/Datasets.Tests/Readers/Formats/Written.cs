using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;

namespace OrleansCluster.Datasets.Tests;

/// <summary>The same small table in every format that says what its columns hold.</summary>
internal static class Written
{
    /// <summary>As text, with the cells that the others have.</summary>
    public const string Csv = "n,whole,narrow,yes,word,when\n1.5,7,0.25,true,a,2024-02-29T13:45:10.25Z\n,-3,1.5,false,,1969-12-31T23:59:59Z\n"
        + "-2e3,,-0.5,,b,\n0.1,9007199254740992,2,true,a,2024-02-29T00:00:00Z\n";

    public const string JsonLines = """
        {"n": 1.5, "whole": 7, "narrow": 0.25, "yes": true, "word": "a", "when": "2024-02-29T13:45:10.25Z"}
        {"whole": -3, "narrow": 1.5, "yes": false, "word": null, "when": "1969-12-31T23:59:59Z"}

        {"when": null, "n": -2e3, "word": "b", "narrow": -0.5}
        {"n": 0.1, "whole": 9007199254740992, "narrow": 2.0, "yes": true, "word": "a", "when": "2024-02-29T00:00:00Z"}
        """;

    private static readonly double?[] N = [1.5, null, -2e3, 0.1];
    private static readonly long?[] Whole = [7, -3, null, 1L << 53];
    private static readonly float[] Narrow = [0.25f, 1.5f, -0.5f, 2];
    private static readonly bool?[] Yes = [true, false, null, true];
    private static readonly string?[] Word = ["a", null, "b", "a"];

    private static readonly DateTime?[] When =
    [
        new DateTime(2024, 2, 29, 13, 45, 10, 250, DateTimeKind.Utc), new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc), null,
        new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc),
    ];

    /// <summary>As Parquet, two rows a row group.</summary>
    public static byte[] Parquet(int group = 2)
    {
        var fields = new DataField[]
        {
            new DataField<double?>("n"), new DataField<long?>("whole"), new DataField<float>("narrow"), new DataField<bool?>("yes"),
            new DataField<string>("word", nullable: true), new DateTimeDataField("when", DateTimeFormat.Timestamp, isAdjustedToUTC: true,
                unit: DateTimeTimeUnit.Micros, isNullable: true),
        };
        return Parquet(fields, N.Length, group, async (writer, from, to) =>
        {
            await writer.WriteAsync<double>(fields[0], N.AsMemory()[from..to]);
            await writer.WriteAsync<long>(fields[1], Whole.AsMemory()[from..to]);
            await writer.WriteAsync<float>(fields[2], Narrow.AsMemory()[from..to]);
            await writer.WriteAsync<bool>(fields[3], Yes.AsMemory()[from..to]);
            await writer.WriteAsync(fields[4], Word[from..to]!);
            await writer.WriteAsync<DateTime>(fields[5], When.AsMemory()[from..to]);
        });
    }

    /// <summary>A Parquet file.</summary>
    public static byte[] Parquet(IReadOnlyList<global::Parquet.Schema.Field> fields, int rows, int group, Func<ParquetRowGroupWriter, int, int, Task> write)
    {
        using var file = new MemoryStream();
        Run().GetAwaiter().GetResult();
        return file.ToArray();

        async Task Run()
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
            for (int row = 0; row < rows; row += group)
            {
                using ParquetRowGroupWriter part = writer.CreateRowGroup();
                await write(part, row, Math.Min(rows, row + group));
            }
        }
    }

    /// <summary>As Arrow, two rows a batch, with the words in a dictionary.</summary>
    public static byte[] Arrow(bool asFile, bool ends = true)
    {
        var schema = new Apache.Arrow.Schema(
        [
            new("n", DoubleType.Default, true), new("whole", Int64Type.Default, true), new("narrow", FloatType.Default, false),
            new("yes", BooleanType.Default, true), new("word", new DictionaryType(Int8Type.Default, StringType.Default, false), true),
            new("when", new TimestampType(TimeUnit.Microsecond, "UTC"), true),
        ], null);
        return Arrow(schema, asFile, ends, [.. Enumerable.Range(0, 2).Select(half => new RecordBatch(schema, Arrays(half * 2, (half * 2) + 2), 2))]);
    }

    public static byte[] Arrow(Apache.Arrow.Schema schema, bool asFile, bool ends, params RecordBatch[] batches)
    {
        using var file = new MemoryStream();
        using ArrowStreamWriter writer = asFile ? new ArrowFileWriter(file, schema, leaveOpen: true) : new ArrowStreamWriter(file, schema, leaveOpen: true);
        foreach (RecordBatch batch in batches)
            writer.WriteRecordBatch(batch);
        if (ends)
            writer.WriteEnd();
        return file.ToArray();
    }

    private static IArrowArray[] Arrays(int from, int to)
    {
        var n = new DoubleArray.Builder();
        var whole = new Int64Array.Builder();
        var yes = new BooleanArray.Builder();
        var index = new Int8Array.Builder();
        var when = new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC"));
        for (int row = from; row < to; row++)
        {
            n.Append(N[row]);
            whole.Append(Whole[row]);
            index.Append(Word[row] switch { "a" => (sbyte)1, "b" => (sbyte)0, _ => null });
            _ = Yes[row] is { } known ? yes.Append(known) : yes.AppendNull();
            _ = When[row] is { } time ? when.Append(time) : when.AppendNull();
        }

        StringArray words = new StringArray.Builder().Append("b").Append("a").Build();
        return
        [
            n.Build(), whole.Build(), new FloatArray.Builder().Append(Narrow.AsSpan()[from..to]).Build(), yes.Build(),
            new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), index.Build(), words), when.Build(),
        ];
    }
}
