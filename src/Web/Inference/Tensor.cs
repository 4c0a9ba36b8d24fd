using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Inference;

/// <summary>A tensor as it was sent: numbers as float32 where it holds their type exactly, else as float64; or texts, or true and false.</summary>
internal sealed record Tensor
{
    public required string Name { get; init; }

    /// <summary>Lengths of its dimensions, none below 0.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    public Precision Precision { get; init; }

    /// <summary>Its numbers, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>Its texts, null where one is missing; null: it holds numbers.</summary>
    public string?[]? Texts { get; init; }

    /// <summary>Whether its numbers are true (1) and false (0).</summary>
    public bool AreFlags { get; init; }

    /// <summary>A tensor of numbers that were written as such; NaN where one is missing.</summary>
    /// <exception cref="ProblemException">They are not of that type, or other than the shape promises.</exception>
    public static Tensor Of(string name, string datatype, ImmutableArray<long> shape, ReadOnlySpan<double> numbers)
    {
        TensorType type = TensorType.Find(name, datatype);
        CheckCount(name, shape, numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!type.Holds(numbers[i]) && !double.IsNaN(numbers[i]))
                throw ProblemException.Content(FormattableString.Invariant($"The tensor '{name}': value {i} (from 0), {numbers[i]}, is no {datatype}."));
        }

        if (type.Precision == Precision.Float64)
            return Of(name, type, shape, MemoryMarshal.AsBytes(numbers).ToArray());
        var narrow = new float[numbers.Length];
        for (int i = 0; i < narrow.Length; i++)
            narrow[i] = (float)numbers[i];
        return Of(name, type, shape, MemoryMarshal.AsBytes(narrow.AsSpan()).ToArray());
    }

    /// <summary>A tensor of texts.</summary>
    public static Tensor Of(string name, ImmutableArray<long> shape, string?[] texts)
    {
        CheckCount(name, shape, texts.Length);
        return new Tensor { Name = name, Shape = shape, Texts = texts };
    }

    /// <summary>A tensor of bytes as they lie in memory, little-endian; texts each after its length.</summary>
    /// <exception cref="ProblemException">There are other than the shape promises.</exception>
    public static Tensor Of(string name, string datatype, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes)
    {
        if (datatype == TensorType.Bytes)
            return Of(name, shape, Split(name, bytes.Span));
        TensorType type = TensorType.Find(name, datatype);
        UInt128 promised = Count(shape) * (UInt128)type.Size;
        if (promised != (UInt128)bytes.Length)
            throw ProblemException.Content($"The tensor '{name}' of shape {Text(shape)} and type {datatype} takes {promised} bytes, and {bytes.Length} came.");
        if (type.Name == TensorType.Flags && bytes.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var at)
            throw ProblemException.Content($"The tensor '{name}': value {at} (from 0), {bytes.Span[at]}, is no {datatype}: true is 1 and false is 0.");
        return Of(name, type, shape, type.Widen(bytes));
    }

    /// <summary>A shape as people write it.</summary>
    public static string Text(ImmutableArray<long> shape) => $"[{string.Join(", ", shape)}]";

    private static Tensor Of(string name, TensorType type, ImmutableArray<long> shape, ReadOnlyMemory<byte> values) =>
        new() { Name = name, Shape = shape, Precision = type.Precision, Values = values, AreFlags = type.Name == TensorType.Flags };

    private static void CheckCount(string name, ImmutableArray<long> shape, int count)
    {
        if (Count(shape) != (UInt128)count)
            throw ProblemException.Content($"The tensor '{name}' of shape {Text(shape)} holds {Count(shape)} values, and {count} came.");
    }

    /// <summary>
    /// Values that a shape promises. Shapes have few dimensions, each below 2^63, so that the product of two fits, and more are checked on the way.
    /// </summary>
    private static UInt128 Count(ImmutableArray<long> shape)
    {
        UInt128 count = 1;
        foreach (long length in shape)
        {
            if (length < 0)
                throw ProblemException.Content($"The shape {Text(shape)} has a dimension of {length}: lengths are 0 or more.");
            count = count > ulong.MaxValue ? count : count * (UInt128)length;
        }

        return count;
    }

    private static string[] Split(string name, ReadOnlySpan<byte> bytes)
    {
        var texts = new List<string>();
        while (bytes.Length > 0)
        {
            int length = bytes.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length < 0 || length > bytes.Length - sizeof(int))
                throw ProblemException.Content(
                    $"The tensor '{name}': text {texts.Count.ToString(CultureInfo.InvariantCulture)} (from 0) is longer than the bytes that are left.");
            texts.Add(System.Text.Encoding.UTF8.GetString(bytes.Slice(sizeof(int), length)));
            bytes = bytes[(sizeof(int) + length)..];
        }

        return [.. texts];
    }
}
