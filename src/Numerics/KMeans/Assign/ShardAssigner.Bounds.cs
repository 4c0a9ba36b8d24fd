using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>Acceleration: rows whose bounds say that their nearest centre is the same as before are passed over.</content>
public sealed unsafe partial class ShardAssigner
{
    /// <summary>A scale beyond which the underflow of canonical distances is no longer negligible against a slack's margin.</summary>
    private const int GreatestBoundedScale = 400;

    /// <summary>Fewer rows of a tile than this are scored together with those of other tiles.</summary>
    private int _compactBelow;

    /// <summary>Begins bounds, carries them over to new centres, or drops them. Returns whether rows may be passed over.</summary>
    private bool PrepareBounds(double[] centroids, int k, bool plain, bool known)
    {
        bool hold = _boundsHold && known && !plain && _travel.K == k && _labelled.Length == centroids.Length;
        bool grouped = _grouping && hold;
        _bounding = !plain && _tileFrame.ScaleExponent <= GreatestBoundedScale;
        (_boundsHold, _grouping) = (false, _bounding && grouped);
        _screening = _bounding && ScreeningPays(k);
        if (!_bounding)
            return false;
        _slack.Reserve(_labels.Length);
        if (hold)
            _travel.Advance(_labelled, centroids, _tileFrame.ScaleExponent);
        if (_screening)
        {
            PrepareScreen(centroids, k, hold);
            return hold;
        }

        if (grouped)
        {
            _groupTravel.Advance(_travel.Moved, _groups);
            _groups.Set(centroids, _tileFrame.Origins, _tileFrame.ScaleExponent, _travel.Moved);
            hold = PruningPays(k);
        }
        else if ((EagerGroups && GroupsPay(k)) || (hold && BeginningPays(k)))
        {
            (_grouping, hold) = (true, false);
        }

        if (!hold)
            _travel.Reset(k);
        if (_grouping && !hold)
            BeginGroups(centroids, k);

        // A row taken out of its tile costs about two multiply-adds a column more, and saves its share of the tile.
        _compactBelow = (int)Math.Ceiling(k / (2 + (k / (double)TileRows)));
        return hold;
    }

    /// <summary>Scores the rows of a slice whose slack is spent: with the tiles they are in where they are many, else taken together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void PruneSlice(Source source, int begin, int end, SliceWork work)
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
                    AssignTiles(source, start, Math.Min((dense - tile) * TileRows, end - start), work);
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
                AssignPicked(source, picked, room, work);
                many -= room;
                new ReadOnlySpan<int>(picked + room, many).CopyTo(new Span<int>(picked, many));
            }
        }

        if (many > 0)
            AssignPicked(source, picked, many, work);
    }

    /// <summary>The rows of one tile whose slack is spent, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint SpentRows(int first, int end)
    {
        uint spent = _bounds.Spent(_slack.Pointer + first, _labels.Pointer + first, _travel);
        return end - first < TileRows ? spent & ((1u << (end - first)) - 1) : spent;
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
    private void AssignPicked(Source source, int* picked, int count, SliceWork work)
    {
        int batch = (count + TileRows - 1) / TileRows;
        int* fresh = stackalloc int[BatchRows];
        uint* unsure = stackalloc uint[BatchTiles];
        float* scores = stackalloc float[2 * BatchRows];
        float* norm = stackalloc float[BatchRows];
        float* freshSlack = stackalloc float[BatchRows];
        float* packedRows = work.Tiles(batch, _rows.Columns);
        _packer.Pack(_rows, 0, count, _tileFrame, packedRows, norm, work.Turn(_rows.Columns), picked);
        _nearest.Label(packedRows, norm, batch, _table, fresh, unsure, scores);
        _bounds.Slack(norm, scores, fresh, batch, _table.Certificate, Certificate.NormError(_rows.Columns), _travel.Table, freshSlack);
        work.Scored += count;
        var moves = new Moves(work);
        for (int i = 0; i < count; i++)
        {
            int row = picked[i];
            _slack.Pointer[row] = freshSlack[i];
            int label = (unsure[i / TileRows] >> (i % TileRows) & 1) != 0 ? Decide(row, work) : fresh[i];
            if (label == _labels.Pointer[row])
                continue;
            moves.Add(row, _labels.Pointer[row], label);
            _labels.Pointer[row] = label;
        }

        Move(source, moves, work);
    }
}
