using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Takes over the labels of rows, and adds to a worker's sums what they change.</summary>
/// <param name="frame">Origins and grids of the columns.</param>
/// <param name="labels">One a row.</param>
/// <param name="width">Vector width.</param>
internal sealed unsafe class LabelSums(ColumnFrame frame, AlignedBuffer<int> labels, SimdWidth width)
{
    private const int TileRows = NearestKernel.TileRows;

    private readonly SumKernel _sums = SumKernel.For(width, frame);

    public enum Mode
    {
        /// <summary>Labels only.</summary>
        Label,

        /// <summary>Labels, and sums of all rows, all of which count as moved.</summary>
        Scratch,

        /// <summary>Labels, sums of all rows, and how many labels changed.</summary>
        Compare,

        /// <summary>Labels, and what rows whose label changed change in the sums.</summary>
        Change,
    }

    /// <summary>What slices are to do. Not while they run.</summary>
    public Mode What { get; set; }

    /// <summary>Takes over the labels of rows that follow each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Record(RowSource source, int first, int count, int* fresh, SliceWork work)
    {
        int* target = labels.Pointer + first;
        if (What is Mode.Compare or Mode.Change)
        {
            var moves = new RowMoves(work);
            for (int tile = 0; tile < count; tile += TileRows)
            {
                int size = Math.Min(TileRows, count - tile);
                if (!new ReadOnlySpan<int>(fresh + tile, size).SequenceEqual(new ReadOnlySpan<int>(target + tile, size)))
                    moves.Collect(first + tile, size, target + tile, fresh + tile);
            }

            Move(source, moves, work);
        }

        new ReadOnlySpan<int>(fresh, count).CopyTo(new Span<int>(target, count));
        if (What is Mode.Scratch or Mode.Compare)
            Add(source, first, count, fresh, work);
        if (What == Mode.Scratch)
            work.Moved += count;
    }

    /// <summary>Takes over the labels of rows from anywhere, at most a batch, of a step that compares with the labels before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Relabel(RowSource source, int* rows, int* fresh, int count, SliceWork work)
    {
        int* target = labels.Pointer;
        var moves = new RowMoves(work);
        for (int i = 0; i < count; i++)
        {
            int row = rows[i];
            int label = fresh[i];
            if (label == target[row])
                continue;
            moves.Add(row, target[row], label);
            target[row] = label;
        }

        Move(source, moves, work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(RowSource source, int first, int count, int* fresh, SliceWork work)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        work.ChangeAll();
        if (source.Singles != null)
            _sums.Add(source.Singles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        else
            _sums.Add(source.Doubles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        long* counts = work.Counts;
        for (int i = 0; i < count; i++)
            counts[fresh[i]]++;
        for (int i = 0; i < count && weights != null; i++)
            work.Weights[fresh[i]] += frame.QuantizeWeight(weights[i]);
    }

    /// <summary>Moves rows between clusters, when sums are kept, and counts them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(RowSource source, RowMoves moves, SliceWork work)
    {
        work.Moved += moves.Count;
        if (What != Mode.Change || moves.Count == 0)
            return;
        if (source.Singles != null)
            _sums.Move(source.Singles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        else
            _sums.Move(source.Doubles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        for (int m = 0; m < moves.Count; m++)
        {
            work.Change(moves.From[m]);
            work.Change(moves.To[m]);
            work.Counts[moves.From[m]]--;
            work.Counts[moves.To[m]]++;
            if (source.Weights == null)
                continue;
            long units = frame.QuantizeWeight(source.Weights[moves.Rows[m]]);
            work.Weights[moves.From[m]] -= units;
            work.Weights[moves.To[m]] += units;
        }
    }
}
