using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>
/// The nearest of a growing list of centres for every row: when centres are appended, only they are looked at.
/// A cache: the answers are those of looking at all of them.
/// </summary>
/// <param name="reader">The shard's rows.</param>
internal sealed class NearestCache(RowReader reader) : INearest
{
    private double[] _centroids = [];
    private int[] _labels = [];
    private double[] _squared = [];

    /// <summary>Whether there are no centres.</summary>
    public bool IsEmpty => _centroids.Length == 0;

    /// <summary>The nearest centre of each row; empty when there are none.</summary>
    public ReadOnlySpan<int> Labels => IsEmpty ? default : _labels;

    /// <summary>D to it; empty when there are none.</summary>
    public ReadOnlySpan<double> Squared => IsEmpty ? default : _squared;

    public void Update(double[] wanted, Work work)
    {
        int rows = reader.Block.Rows;
        int known = IsPrefix(_centroids, wanted) ? _centroids.Length : 0;
        // What a cancelled pass left behind is of no use.
        _centroids = [];
        if (known < wanted.Length)
        {
            if (_squared.Length != rows)
                (_labels, _squared) = (GC.AllocateUninitializedArray<int>(rows), GC.AllocateUninitializedArray<double>(rows));
            Append(wanted, known, work);
        }

        _centroids = wanted;
    }

    private void Append(double[] wanted, int known, Work work)
    {
        int d = reader.Block.Columns;
        if (wanted.Length == known + d)
        {
            AppendOne(wanted.AsMemory(known), known / d, work);
            return;
        }

        var fresh = new NearestCentroid(wanted[known..], (wanted.Length - known) / d, d);
        reader.ForSlices(work, (_, start, end) =>
        {
            Span<int> nearest = stackalloc int[RowReader.SliceRows];
            Span<double> least = stackalloc double[RowReader.SliceRows];
            fresh.Assign(reader.Block.Slice(start, end - start), nearest, least, Sequential.Instance);
            for (int i = start; i < end; i++)
            {
                // On equal D the earlier centre keeps the row.
                if (known == 0 || least[i - start] < _squared[i])
                    (_labels[i], _squared[i]) = ((known / d) + nearest[i - start], least[i - start]);
            }
        });
    }

    private void AppendOne(ReadOnlyMemory<double> centre, int index, Work work)
        => reader.ForSlices(work, (_, start, end) =>
        {
            if (index == 0)
            {
                SquaredDistances.To(reader.Block, start, end - start, centre.Span, _squared.AsSpan(start));
                _labels.AsSpan(start, end - start).Clear();
                return;
            }

            Span<double> least = stackalloc double[RowReader.SliceRows];
            SquaredDistances.To(reader.Block, start, end - start, centre.Span, least);
            for (int i = start; i < end; i++)
            {
                if (least[i - start] < _squared[i])
                    (_labels[i], _squared[i]) = (index, least[i - start]);
            }
        });

    private static bool IsPrefix(double[] prefix, double[] whole)
        => ReferenceEquals(prefix, whole) || (prefix.Length <= whole.Length
            && MemoryMarshal.AsBytes(prefix.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(whole.AsSpan(0, prefix.Length))));
}
