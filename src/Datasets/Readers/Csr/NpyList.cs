using System.Runtime.InteropServices;

namespace OrleansCluster.Datasets;

/// <summary>An array of one dimension in an archive, read front to back in bounded memory.</summary>
internal sealed class NpyList : IDisposable
{
    private const int PieceValues = 8192;

    private readonly InputSource _source;
    private readonly NpyHeader _header;
    private readonly byte[] _piece;

    private NpyList(InputSource source, NpyHeader header) =>
        (_source, _header, _piece) = (source, header, new byte[PieceValues * header.ElementBytes]);

    /// <summary>What messages call it.</summary>
    public string Name => _source.Name;

    /// <summary>How many values it has.</summary>
    public long Count => _header.Shape.Length == 0 ? 1 : _header.Shape[0];

    /// <summary>The type of its values.</summary>
    public NpyElement Element => _header.Fields[0].Element;

    /// <summary>Opens an array whose header and length agree.</summary>
    /// <param name="archive">Where it is.</param>
    /// <param name="part">Its name.</param>
    /// <exception cref="DataFormatException">It is not there, damaged, or not of one dimension.</exception>
    public static NpyList Open(NpzArchive archive, string part)
    {
        (InputSource source, long length) = archive.Part(part);
        try
        {
            if (!source.Start.StartsWith(NpyHeader.Magic))
                throw new DataFormatException($"{source.Name} is no array. Save the matrix again with scipy.sparse.save_npz.");
            NpyHeader header = NpyHeader.Read(source);
            if (header.IsRecord || header.Shape.Length > 1)
                throw new DataFormatException($"{source.Name} has {header.Shape.Length} dimensions, where a part of a sparse matrix in rows has 1. Save it "
                    + "again with scipy.sparse.save_npz('FILE.npz', m.tocsr()).");
            if (!header.Fields[0].Element.CanBeShown)
                throw header.Fields[0].Element.Refusal(source.Name);
            NpyTable.CheckLength(source.Name, header, length - header.DataOffset);
            return new NpyList(source, header);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The only value, as text.</summary>
    public string Text()
    {
        Span<byte> bytes = Next(1);
        return Element.Show(bytes);
    }

    /// <summary>Reads whole numbers.</summary>
    /// <exception cref="DataFormatException">There are not so many, or they are none.</exception>
    public void Read(Span<long> values)
    {
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, PieceValues);
            ReadOnlySpan<byte> bytes = Next(count);
            switch (Element)
            {
                case { Kind: 'i', Size: 8, BigEndian: false }:
                    MemoryMarshal.Cast<byte, long>(bytes).CopyTo(values);
                    break;
                case { Kind: 'i', Size: 4, BigEndian: false }:
                    ReadOnlySpan<int> integers = MemoryMarshal.Cast<byte, int>(bytes);
                    for (int i = 0; i < count; i++)
                        values[i] = integers[i];
                    break;
                default:
                    for (int i = 0; i < count; i++)
                        values[i] = Element.TryRead(bytes[(i * Element.Size)..], out double value) ? (long)value : throw NoInteger();
                    break;
            }

            values = values[count..];
        }
    }

    /// <summary>Reads numbers, widened exactly.</summary>
    /// <param name="values">Out: all of them are filled.</param>
    /// <returns>−1, or which of them is an integer that float64 would change.</returns>
    /// <exception cref="DataFormatException">There are not so many.</exception>
    public int Read(Span<double> values)
    {
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(values.Length - done, PieceValues);
            Span<double> some = values.Slice(done, count);
            ReadOnlySpan<byte> bytes = Next(count);
            if (Element is { Kind: 'f', Size: 8, BigEndian: false })
            {
                MemoryMarshal.Cast<byte, double>(bytes).CopyTo(some);
            }
            else if (Element is { Kind: 'f', Size: 4, BigEndian: false })
            {
                ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(bytes);
                for (int i = 0; i < count; i++)
                    some[i] = singles[i];
            }
            else
            {
                for (int i = 0; i < count; i++)
                {
                    if (!Element.TryRead(bytes[(i * Element.Size)..], out some[i]))
                        return done + i;
                }
            }

            done += count;
        }

        return -1;
    }

    /// <summary>Refuses what has more than it says.</summary>
    /// <exception cref="DataFormatException">Something follows.</exception>
    public void End()
    {
        if (_source.Read(_piece.AsSpan(0, 1)) > 0)
            throw new DataFormatException($"{Name} unpacks to more than the {Count} values that it says it has. Copy or save it again.");
    }

    public void Dispose() => _source.Dispose();

    private Span<byte> Next(int count)
    {
        Span<byte> bytes = _piece.AsSpan(0, count * _header.ElementBytes);
        return _source.Read(bytes) == bytes.Length ? bytes
            : throw new DataFormatException($"{Name} ends before the {Count} values that it says it has. Copy or save it again.");
    }

    private DataFormatException NoInteger() =>
        new($"{Name} has values of type '{Element.Type}' where whole numbers belong. Save the matrix again with scipy.sparse.save_npz.");
}
