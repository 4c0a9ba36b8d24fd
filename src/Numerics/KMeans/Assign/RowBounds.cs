using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// One bound a row, its slack: rows whose slack says that their nearest centre is the same as before are passed over, the others are scored against all
/// centres.
/// </summary>
/// <remarks>
/// After Hamerly, "Making k-means even faster", 2010, who keeps an upper bound on the distance to the row's own centre and a lower bound on that to any
/// other. Here one number is kept of both, their difference, and what centres travel is added up once for each label instead of in every row's bounds.
/// </remarks>
internal sealed unsafe class RowBounds(Labelling on) : IAcceleration
{
    private const int TileRows = NearestKernel.TileRows;
    private const int BatchTiles = Labelling.BatchTiles;
    private const int BatchRows = Labelling.BatchRows;

    private readonly RowBlock _rows = on.Rows;
    private readonly AlignedBuffer<int> _labels = on.Labels;
    private readonly AlignedBuffer<float> _slack = on.Slack;
    private readonly BoundKernel _bounds = on.Bounds;
    private readonly Travel _travel = on.Travel;
    private bool _prune;

    /// <summary>Fewer rows of a tile than this are scored together with those of other tiles.</summary>
    private int _compactBelow;

    public int Prepare(CentreTables centres, CentreTables? earlier, bool hold)
    {
        _prune = hold;
        if (!hold)
            _travel.Reset(centres.K);
        // A row taken out of its tile costs about two multiply-adds a column more, and saves its share of the tile.
        _compactBelow = (int)Math.Ceiling(centres.K / (2 + (centres.K / (double)TileRows)));
        return 0;
    }

    public void Slice(RowSource source, int begin, int end, SliceWork work)
    {
        if (_prune)
            Prune(source, begin, end, work);
        else
            Begin(source, begin, end, work);
    }

    public void Complete()
    {
    }

    /// <summary>Scores every row of a slice: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(RowSource source, int begin, int end, SliceWork work)
    {
        for (int first = begin; first < end; first += BatchRows)
            on.Score(source, first, Math.Min(BatchRows, end - first), bounding: true, work);
    }

    /// <summary>Scores the rows of a slice whose slack is spent: with the tiles they are in where they are many, else taken together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void Prune(RowSource source, int begin, int end, SliceWork work)
    {
        int room = Math.Clamp((1 << 14) / (TileRows * _rows.Columns), 1, BatchTiles) * TileRows;
        int* picked = stackalloc int[BatchRows + TileRows];
        uint* spent = stackalloc uint[BatchTiles];
        int many = 0;
        for (int first = begin; first < end; first += BatchRows)
        {
            int tiles = (Math.Min(BatchRows, end - first) + TileRows - 1) / TileRows;
            int all = SpentTiles(first, end, tiles, spent);
            int least = all >= tiles * _compactBelow ? 0 : _compactBelow;
            for (int tile = 0; tile < tiles; tile++)
            {
                int dense = tile;
                while (dense < tiles && BitOperations.PopCount(spent[dense]) >= least)
                    dense++;
                if (dense > tile)
                {
                    // A run of tiles that are worth scoring whole.
                    int start = first + (tile * TileRows);
                    on.Score(source, start, Math.Min((dense - tile) * TileRows, end - start), bounding: true, work);
                    tile = dense - 1;
                    continue;
                }

                for (uint mask = spent[tile]; mask != 0; mask &= mask - 1)
                {
                    int row = first + (tile * TileRows) + BitOperations.TrailingZeroCount(mask);
                    source.Soon(row);
                    picked[many++] = row;
                }

                if (many < room)
                    continue;
                ScorePicked(source, picked, room, work);
                many -= room;
                new ReadOnlySpan<int>(picked + room, many).CopyTo(new Span<int>(picked, many));
            }
        }

        if (many > 0)
            ScorePicked(source, picked, many, work);
    }

    /// <summary>The rows of each tile whose slack is spent; returns how many there are in all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int SpentTiles(int first, int end, int tiles, uint* spent)
    {
        _bounds.Spent(_slack.Pointer + first, _labels.Pointer + first, tiles, _travel, spent);
        int last = end - first - ((tiles - 1) * TileRows);
        if (last < TileRows)
            spent[tiles - 1] &= (1u << last) - 1;
        int all = 0;
        for (int tile = 0; tile < tiles; tile++)
            all += BitOperations.PopCount(spent[tile]);
        return all;
    }

    /// <summary>Scores rows from anywhere, at most a batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void ScorePicked(RowSource source, int* picked, int count, SliceWork work)
    {
        int batch = (count + TileRows - 1) / TileRows;
        int* fresh = stackalloc int[BatchRows];
        uint* unsure = stackalloc uint[BatchTiles];
        float* scores = stackalloc float[2 * BatchRows];
        float* norm = stackalloc float[BatchRows];
        float* freshSlack = stackalloc float[BatchRows];
        float* slack = _slack.Pointer;
        float* packedRows = work.Tiles(batch, _rows.Columns);
        on.Packer.Pack(_rows, 0, count, on.Frame, packedRows, norm, work.Turn(_rows.Columns), picked);
        CentroidTable table = on.Table;
        on.Nearest.Label(packedRows, norm, batch, table, fresh, unsure, scores);
        _bounds.Slack(norm, scores, fresh, batch, table.Certificate, Certificate.NormError(_rows.Columns), _travel.Table, freshSlack);
        work.Scored += count;
        for (int i = 0; i < count; i++)
        {
            slack[picked[i]] = freshSlack[i];
            if ((unsure[i / TileRows] >> (i % TileRows) & 1) != 0)
                fresh[i] = on.Undecided(picked[i], work);
        }

        on.Sums.Relabel(source, picked, fresh, count, work);
    }
}
