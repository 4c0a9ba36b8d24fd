using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Inference;

/// <summary>A type of numbers that the protocol knows.</summary>
/// <param name="Name">As the protocol has it.</param>
/// <param name="Size">Bytes of a value.</param>
/// <param name="Precision">What holds its values: float32 where that holds each exactly.</param>
/// <param name="Least">Least value.</param>
/// <param name="Greatest">Greatest value.</param>
/// <param name="IsWhole">Whether it has whole numbers alone.</param>
internal sealed record TensorType(string Name, int Size, Precision Precision, double Least, double Greatest, bool IsWhole)
{
    /// <summary>The type of texts.</summary>
    public const string Bytes = "BYTES";

    /// <summary>The type of true (1) and false (0).</summary>
    public const string Flags = "BOOL";

    private static readonly ImmutableArray<TensorType> All =
    [
        new("FP64", 8, Precision.Float64, -double.MaxValue, double.MaxValue, false),
        new("FP32", 4, Precision.Float32, -float.MaxValue, float.MaxValue, false),
        new("FP16", 2, Precision.Float32, (double)Half.MinValue, (double)Half.MaxValue, false),
        new("INT64", 8, Precision.Float64, long.MinValue, long.MaxValue, true),
        new("INT32", 4, Precision.Float64, int.MinValue, int.MaxValue, true),
        new("INT16", 2, Precision.Float32, short.MinValue, short.MaxValue, true),
        new("INT8", 1, Precision.Float32, sbyte.MinValue, sbyte.MaxValue, true),
        new("UINT64", 8, Precision.Float64, ulong.MinValue, ulong.MaxValue, true),
        new("UINT32", 4, Precision.Float64, uint.MinValue, uint.MaxValue, true),
        new("UINT16", 2, Precision.Float32, ushort.MinValue, ushort.MaxValue, true),
        new("UINT8", 1, Precision.Float32, byte.MinValue, byte.MaxValue, true),
        new(Flags, 1, Precision.Float32, 0, 1, true),
    ];

    /// <exception cref="ProblemException">It is none of numbers.</exception>
    public static TensorType Find(string tensor, string name) => All.FirstOrDefault(type => type.Name == name)
        ?? throw ProblemException.Content(
            $"The tensor '{tensor}' is of type {name}: rows are of {string.Join(", ", All.Select(type => type.Name))} and {Bytes}, and ids of {Bytes}.");

    /// <summary>The type that a column's values are best sent as.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Number => "FP64",
        ColumnType.Boolean => Flags,
        _ => Bytes,
    };

    /// <summary>Whether a number is one of the type.</summary>
    public bool Holds(double value) => value >= Least && value <= Greatest && (!IsWhole || Math.Truncate(value) == value);

    /// <summary>Values as they lie in memory, in <see cref="Precision"/>.</summary>
    public ReadOnlyMemory<byte> Widen(ReadOnlyMemory<byte> bytes) => Name switch
    {
        "FP64" or "FP32" => bytes,
        "FP16" => As<Half, float>(bytes.Span),
        "INT16" => As<short, float>(bytes.Span),
        "INT8" => As<sbyte, float>(bytes.Span),
        "UINT16" => As<ushort, float>(bytes.Span),
        "UINT8" or Flags => As<byte, float>(bytes.Span),
        "INT64" => As<long, double>(bytes.Span),
        "INT32" => As<int, double>(bytes.Span),
        "UINT64" => As<ulong, double>(bytes.Span),
        _ => As<uint, double>(bytes.Span),
    };

    private static byte[] As<TFrom, TTo>(ReadOnlySpan<byte> bytes)
        where TFrom : unmanaged, System.Numerics.INumberBase<TFrom>
        where TTo : unmanaged, System.Numerics.INumberBase<TTo>
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var target = new TTo[values.Length];
        for (int i = 0; i < values.Length; i++)
            target[i] = TTo.CreateChecked(values[i]);
        return MemoryMarshal.AsBytes<TTo>(target).ToArray();
    }
}
