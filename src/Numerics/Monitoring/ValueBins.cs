using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>The bins that the values of one column or score are counted in.</summary>
public sealed class ValueBins
{
    /// <summary>What <see cref="Find"/> says of a value below the first bin.</summary>
    public const int Below = -1;

    /// <summary>What <see cref="Find"/> says of a value above the last bin, and of a category that has none.</summary>
    public const int Above = -2;

    private readonly Kind _kind;
    private readonly double[] _numbers;

    private ValueBins(Kind kind, int count, double[] numbers) => (_kind, Count, _numbers) = (kind, count, numbers);

    private enum Kind : byte
    {
        Even = 1,
        Edges = 2,
        Places = 3,
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Whether bins are categories, which have no order.</summary>
    public bool ArePlaces => _kind == Kind.Places;

    /// <summary>Whether what stands for a bin is the greatest value that it holds.</summary>
    public bool HaveEdges => _kind == Kind.Edges;

    /// <summary>The bins of a profile's column: <see cref="ProfileFrame.Bins"/>, equally wide, from the least to the greatest value.</summary>
    public static ValueBins Even(double minimum, double maximum) => new(Kind.Even, ProfileFrame.Bins, [minimum, maximum]);

    /// <summary>Bins by the greatest value that each holds; the first holds all that is less.</summary>
    /// <param name="edges">Ascending, at least one.</param>
    public static ValueBins UpTo(params double[] edges) => new(Kind.Edges, edges.Length, edges);

    /// <summary>A bin a category: values are places in a list.</summary>
    public static ValueBins Places(int count) => new(Kind.Places, count, []);

    /// <summary>The bin of a value that is there, or <see cref="Below"/> or <see cref="Above"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(double value)
    {
        switch (_kind)
        {
            case Kind.Even:
                (double least, double greatest) = (_numbers[0], _numbers[1]);
                // The same formula as the profile's, so that a training row is in the same bin.
                return value < least ? Below : value > greatest ? Above : ProfileFrame.Bin(least, greatest, value);
            case Kind.Edges:
                int at = Array.BinarySearch(_numbers, value);
                at = at < 0 ? ~at : at;
                return at < _numbers.Length ? at : Above;
            default:
                return value >= 0 && value < Count ? (int)value : Above;
        }
    }

    /// <summary>The value that stands for those of a bin: its middle, or the greatest where the bins have edges.</summary>
    public double Middle(int bin) => _kind switch
    {
        Kind.Even => _numbers[0] + ((_numbers[1] - _numbers[0]) * ((bin + 0.5) / Count)),
        Kind.Edges => _numbers[bin],
        _ => bin,
    };

    internal void Write(ByteWriter writer)
    {
        writer.Byte((byte)_kind);
        writer.Int32(Count);
        writer.Doubles(_numbers);
    }

    internal static ValueBins Read(ByteReader reader)
    {
        (var kind, int count, double[] numbers) = ((Kind)reader.Byte(), reader.Int32(), reader.Doubles());
        return kind switch
        {
            Kind.Even when numbers.Length == 2 => Even(numbers[0], numbers[1]),
            Kind.Edges when numbers.Length == count => UpTo(numbers),
            Kind.Places when numbers.Length == 0 && count >= 0 => Places(count),
            _ => throw new InvalidDataException("The bins are damaged."),
        };
    }
}
