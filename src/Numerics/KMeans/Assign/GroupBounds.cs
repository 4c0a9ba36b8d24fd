using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// For many centres: a lower bound for each group of them, so that a row whose slack is spent is scored against few groups.
/// One bound a row (the slack) is enough while centres are few: scoring them all costs little, and few of them race ahead.
/// With many, some centre always moves far and spends every row's slack, though it is near hardly any of them.
/// </summary>
/// <remarks>
/// <para>
/// After Ding et al., "Yinyang K-Means", 2015. Here groups are whole panels of a kernel, bounds are certified float32, and groups begin when they pay:
/// anew when few rows move, and not from the first step.
/// </para>
/// <para>
/// Groups cost 4 bytes a row and group (16 or more centres). A row that is looked at costs some 50 ns whatever becomes of it, and each group scored
/// about 15 ns besides its multiply-adds, of which the tile kernel does nearly 100 a nanosecond: with 256 centres of 16 columns a bound that
/// saves nine distances of ten only just breaks even, with four times the work a row it gains. There are at most twice as many groups as
/// columns (and no fewer than 16 in memory), so that bounds take at most twice the memory of float32 rows, or 64 bytes a row.
/// </para>
/// </remarks>
internal sealed unsafe class GroupBounds : IAcceleration
{
    private const int TileRows = NearestKernel.TileRows;

    /// <summary>More bounds than this (2 GiB) are not kept.</summary>
    private const int MostBounds = 1 << 29;

    /// <summary>Rows of a slice in which few are expected to be scored.</summary>
    private const int PrunedSliceRows = 4096;

    private const int SampledRows = 1024;

    // Beside a multiply-add of the tile kernel, as measured: a row that is looked at, a multiply-add of a group, what a group costs besides.
    private const double LookCost = 3000;
    private const double GroupedCost = 1.3;
    private const double GroupCost = 1000;

    private readonly Labelling _on;
    private readonly RowBlock _rows;
    private readonly AlignedBuffer<int> _labels;
    private readonly AlignedBuffer<float> _slack;
    private readonly Travel _travel;
    private readonly GroupKernel _kernel;
    private readonly GroupedRows _grouped = new();
    private readonly GroupPruning _pruning;
    private readonly AlignedBuffer<float> _sampled = new();
    private bool _prune;

    public GroupBounds(Labelling on)
    {
        (_on, _rows, _labels, _slack, _travel) = (on, on.Rows, on.Labels, on.Slack, on.Travel);
        _kernel = GroupKernel.For(on.Width);
        _pruning = new GroupPruning(on, _grouped, _kernel);
    }

    /// <summary>Begins groups without waiting until they pay, and follows them whether it pays or not.</summary>
    public bool Eager { get; set; }

    /// <summary>Whether to begin groups now.</summary>
    /// <param name="k">Number of centres.</param>
    /// <param name="rowBounds">Whether the slack of each row holds.</param>
    /// <param name="moved">Rows that moved in the step before.</param>
    public bool BeginningPays(int k, bool rowBounds, long moved) => (Eager && Pays(k)) || (rowBounds && SlackPaysLess(k, moved));

    public int Prepare(CentreTables centres, CentreTables? earlier, bool hold)
    {
        (double[] centroids, int k) = (centres.Centroids, centres.K);
        _prune = false;
        if (hold)
        {
            _grouped.Travel.Advance(_travel.Moved, _grouped.Groups);
            _grouped.Groups.Set(centroids, _on.Frame.Origins, _on.Frame.ScaleExponent, _travel.Moved);
            _prune = PruningPays(k);
        }

        if (_prune)
            return PrunedSliceRows;
        int most = 2 * _rows.Columns;
        _travel.Reset(k);
        _grouped.Begin(_labels.Length, centroids, k, _rows.Columns, (Panels(k) + most - 1) / most);
        _grouped.Groups.SetTable(centroids, _on.Frame.Origins, _on.Frame.ScaleExponent);
        return 0;
    }

    public void Slice(RowSource source, int begin, int end, SliceWork work)
    {
        if (_prune)
            _pruning.Slice(source, begin, end, work);
        else
            Begin(source, begin, end, work);
    }

    public void Complete()
    {
    }

    /// <summary>Whether groups of so many centres pay, and their bounds have room.</summary>
    private bool Pays(int k)
        => BoundChoice.GroupsMayPay(k, _rows.Columns)
            && (long)_labels.Length * Transpose.Stride(Math.Min(Panels(k), 2 * _rows.Columns)) <= MostBounds;

    private static int Panels(int k) => (k + CentroidGroups.Panel - 1) / CentroidGroups.Panel;

    /// <summary>Whether few rows move, so that centres will not move far, but one bound a row spares few of them.</summary>
    private bool SlackPaysLess(int k, long moved)
    {
        if (moved > _rows.Rows / BoundChoice.SettlingShare || !Pays(k))
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
        CentroidGroups groups = _grouped.Groups;
        int step = Math.Max(1, _rows.Rows / SampledRows);
        float* values = _sampled.Reserve(groups.Stride + _grouped.Stride);
        int* failing = (int*)(values + groups.Stride);
        float* norms = _grouped.Norms.Pointer;
        float normError = Certificate.NormError(_rows.Columns);
        long looked = 0, scored = 0, sample = 0;
        for (int row = 0; row < _rows.Rows; row += step)
        {
            sample++;
            int label = _labels.Pointer[row];
            if (_slack.Pointer[row] > _travel.Table[label])
                continue;
            looked++;
            if (!(norms[row] < float.PositiveInfinity))
                continue;
            _on.Packer.Centre(_rows, row, _on.Frame, values);
            float upper = Margins.Upper(norms[row], _grouped.Score(_on.Bounds, values, groups.Places[label]), normError, _on.Table.Certificate);
            scored += _kernel.Failing(_grouped.LowerOf(row), _grouped.Travel.Groups, _grouped.Stride, upper, failing);
        }

        double each = (double)_rows.Columns * groups.GroupSize;
        double pruning = (looked * LookCost) + (scored * ((each * GroupedCost) + GroupCost));
        return Eager || pruning < (double)sample * k * _rows.Columns;
    }

    /// <summary>Scores every row of a slice against every centre: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(RowSource source, int begin, int end, SliceWork work)
    {
        for (int first = begin; first < end; first += TileRows)
            BeginTile(source, first, Math.Min(TileRows, end - first), work);
    }

    /// <summary>Scores a tile as without bounds, keeping the least score of each group on the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BeginTile(RowSource source, int first, int count, SliceWork work)
    {
        int d = _rows.Columns;
        Labelling on = _on;
        GroupedRows grouped = _grouped;
        CentroidGroups groups = grouped.Groups;
        CentroidTable places = groups.Table;
        Certificate certificate = on.Table.Certificate;
        int stride = grouped.Stride;
        int* fresh = stackalloc int[TileRows];
        float* scores = stackalloc float[2 * TileRows];
        uint unsure = 0;
        float* norm = grouped.Norms.Pointer + first;
        float* upper = grouped.Upper.Pointer + first;
        float* tile = work.Tiles(1, d);
        float* least = work.Least(places.Panels + stride);
        float* tileBounds = least + (places.Panels * TileRows);
        on.Packer.Pack(_rows, first, count, on.Frame, tile, norm, work.Turn(d));
        on.Nearest.Label(tile, norm, 1, places, fresh, &unsure, scores, new NearestKernel.Aside(source.At(first + TileRows), source.TileBytes, least));
        float normError = Certificate.NormError(d);
        _kernel.Begin(least, norm, scores, fresh, unsure, groups, normError, grouped.Travel.Groups, tileBounds);
        Transpose.Back(tileBounds, stride, grouped.LowerOf(first), stride, on.Width);
        // A place without a centre is nearest only where nothing is certain.
        for (int i = 0; i < TileRows; i++)
            fresh[i] = Math.Max(groups.Members[fresh[i]], 0);
        on.Bounds.Slack(norm, scores, fresh, 1, certificate, normError, _travel.Table, _slack.Pointer + first);
        for (int i = 0; i < count; i++)
        {
            int row = first + i;
            if ((unsure >> i & 1) == 0)
            {
                upper[i] = Margins.Less(Margins.Upper(norm[i], scores[i], normError, certificate), grouped.Travel.Centres[fresh[i]]);
                continue;
            }

            upper[i] = float.PositiveInfinity;
            if (!(Margins.Limit(norm[i], certificate) < float.PositiveInfinity))
                new Span<float>(grouped.LowerOf(row), groups.Groups).Fill(float.NegativeInfinity);
            fresh[i] = on.Undecided(row, work);
        }

        work.Scored += count;
        on.Sums.Record(source, first, count, fresh, work);
    }
}
