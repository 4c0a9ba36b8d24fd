using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>
/// Acceleration for many centres: a lower bound for each group of them, so that a row whose slack is spent is scored against few groups.
/// One bound a row (the slack) is enough while centres are few: scoring them all costs little, and few of them race ahead.
/// With many, some centre always moves far and spends every row's slack, though it is near hardly any of them.
/// </content>
/// <remarks>
/// Groups cost 4 bytes a row and group (16 or more centres). A row that is looked at costs some 50 ns whatever becomes of it, and each group scored
/// about 15 ns besides its multiply-adds, of which the tile kernel does nearly 100 a nanosecond: with 256 centres of 16 columns a bound that
/// saves nine distances of ten only just breaks even, with four times the work a row it gains. There are at most twice as many groups as
/// columns (and no fewer than 16 in memory), so that bounds take at most twice the memory of float32 rows, or 64 bytes a row.
/// </remarks>
public sealed unsafe partial class ShardAssigner
{
    /// <summary>More bounds than this (2 GiB) are not kept.</summary>
    private const int MostGroupBounds = 1 << 29;

    /// <summary>Rows of a slice in which few are expected to be scored.</summary>
    private const int GroupSliceRows = 4096;

    private const int SampledRows = 1024;

    // Beside a multiply-add of the tile kernel, as measured: a row that is looked at, a multiply-add of a group, what a group costs besides.
    private const double LookCost = 3000;
    private const double GroupedCost = 1.3;
    private const double GroupCost = 1000;

    private readonly AlignedBuffer<float> _sampled = new();

    /// <summary>Norm bounds of the rows, while there are groups.</summary>
    private readonly AlignedBuffer<float> _norms = new();
    private readonly AlignedBuffer<float> _groupBounds = new();
    private readonly AlignedBuffer<float> _upperBounds = new();
    private readonly CentroidGroups _groups = new();
    private readonly GroupTravel _groupTravel = new();
    private int _groupStride;
    private bool _grouping;

    /// <summary>Begins groups without waiting until they pay.</summary>
    internal bool EagerGroups { get; init; }

    private SliceBody SliceOf(bool prune)
        => _screening ? (prune ? _screenPruneSlice : _screenSlice)
            : _grouping ? (prune ? _groupPruneSlice : _groupSlice) : (prune ? _pruneSlice : _assignSlice);

    /// <summary>Whether groups of so many centres pay, and their bounds have room.</summary>
    private bool GroupsPay(int k)
        => BoundChoice.GroupsMayPay(k, _rows.Columns)
            && (long)_labels.Length * Transpose.Stride(Math.Min(Panels(k), 2 * _rows.Columns)) <= MostGroupBounds;

    private static int Panels(int k) => (k + CentroidGroups.Panel - 1) / CentroidGroups.Panel;

    private void BeginGroups(double[] centroids, int k)
    {
        int most = 2 * _rows.Columns;
        _groups.Form(centroids, k, _rows.Columns, (Panels(k) + most - 1) / most);
        _groupTravel.Reset(k, _groups.Groups);
        _groupStride = Transpose.Stride(_groups.Groups);
        _groupBounds.Reserve(checked(_labels.Length * _groupStride));
        _upperBounds.Reserve(_labels.Length);
        _norms.Reserve(_labels.Length);
    }

    /// <summary>
    /// Whether to begin groups now: few rows move, so that centres will not move far, but one bound a row spares few of them.
    /// </summary>
    private bool BeginningPays(int k)
    {
        if (_lastMoved > _rows.Rows / BoundChoice.SettlingShare || !GroupsPay(k))
            return false;
        int step = Math.Max(1, _rows.Rows / SampledRows);
        int sample = 0, spent = 0;
        for (int row = 0; row < _rows.Rows; row += step, sample++)
            spent += _slack.Pointer[row] > _travel.Table[_labels.Pointer[row]] ? 0 : 1;
        return spent > sample / BoundChoice.SpentShare;
    }

    /// <summary>
    /// Whether the bounds that are kept leave so little to score that following them costs less than scoring everything, which begins them anew:
    /// counted over a sample of the rows, so that it does not depend on the machine. In the first steps centres move too far for bounds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool PruningPays(int k)
    {
        int step = Math.Max(1, _rows.Rows / SampledRows);
        float* values = _sampled.Reserve(_groups.Stride + _groupStride);
        int* failing = (int*)(values + _groups.Stride);
        float normError = Certificate.NormError(_rows.Columns);
        long looked = 0, scored = 0, sample = 0;
        for (int row = 0; row < _rows.Rows; row += step)
        {
            sample++;
            int label = _labels.Pointer[row];
            if (_slack.Pointer[row] > _travel.Table[label])
                continue;
            looked++;
            float* bound = _groupBounds.Pointer + ((long)row * _groupStride);
            if (!(_norms.Pointer[row] < float.PositiveInfinity))
                continue;
            _packer.Centre(_rows, row, _tileFrame, values);
            int place = _groups.Places[label];
            float score = _bounds.Score(values, _groups.Own + ((long)place * _groups.Stride), _groups.Halves[place], _groups.Stride);
            scored += _groupKernel.Failing(bound, _groupTravel.Groups, _groupStride, Upper(_norms.Pointer[row], score, normError), failing);
        }

        double each = (double)_rows.Columns * _groups.GroupSize;
        double pruning = (looked * LookCost) + (scored * ((each * GroupedCost) + GroupCost));
        return EagerGroups || pruning < (double)sample * k * _rows.Columns;
    }

    /// <summary>Scores every row of a slice against every centre: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GroupSlice(Source source, int begin, int end, SliceWork work)
    {
        for (int first = begin; first < end; first += TileRows)
            BeginTile(source, first, Math.Min(TileRows, end - first), work);
    }

    /// <summary>Scores a tile as without bounds, keeping the least score of each group on the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BeginTile(Source source, int first, int count, SliceWork work)
    {
        int d = _rows.Columns;
        CentroidTable places = _groups.Table;
        int* fresh = stackalloc int[TileRows];
        float* scores = stackalloc float[2 * TileRows];
        uint unsure = 0;
        float* norm = _norms.Pointer + first;
        float* tile = work.Tiles(1, d);
        float* least = work.Least(places.Panels + _groupStride);
        float* tileBounds = least + (places.Panels * TileRows);
        _packer.Pack(_rows, first, count, _tileFrame, tile, norm, work.Turn(d));
        _nearest.Label(tile, norm, 1, places, fresh, &unsure, scores, new NearestKernel.Aside(source.At(first + TileRows), source.TileBytes, least));
        float normError = Certificate.NormError(d);
        _groupKernel.Begin(least, norm, scores, fresh, unsure, _groups, normError, _groupTravel.Groups, tileBounds);
        Transpose.Back(tileBounds, _groupStride, _groupBounds.Pointer + ((long)first * _groupStride), _groupStride, _width);
        // A place without a centre is nearest only where nothing is certain.
        for (int i = 0; i < TileRows; i++)
            fresh[i] = Math.Max(_groups.Members[fresh[i]], 0);
        _bounds.Slack(norm, scores, fresh, 1, _table.Certificate, normError, _travel.Table, _slack.Pointer + first);
        for (int i = 0; i < count; i++)
        {
            int row = first + i;
            if ((unsure >> i & 1) == 0)
            {
                _upperBounds.Pointer[row] = Remembered(Upper(norm[i], scores[i], normError), fresh[i]);
                continue;
            }

            _upperBounds.Pointer[row] = float.PositiveInfinity;
            if (!(Limit(norm[i], _table.Certificate) < float.PositiveInfinity))
                new Span<float>(_groupBounds.Pointer + ((long)row * _groupStride), _groups.Groups).Fill(float.NegativeInfinity);
            fresh[i] = Decide(row, work);
        }

        work.Scored += count;
        Record(source, first, count, fresh, work);
    }

    /// <summary>An upper bound as it is kept: less what the centre has travelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Remembered(float upper, int label) => MathF.FusedMultiplyAdd(_groupTravel.Centres[label], -(1 - (1f / (1 << 22))), upper);
}
