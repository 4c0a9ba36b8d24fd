using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>A step in which the bounds of groups hold: rows whose slack is spent are scored against the groups whose bound is.</summary>
/// <param name="on">The rows and labels.</param>
/// <param name="grouped">Groups, and the bounds of rows.</param>
/// <param name="kernel">Scores rows against groups.</param>
internal sealed unsafe class GroupPruning(Labelling on, GroupedRows grouped, GroupKernel kernel)
{
    private const int TileRows = NearestKernel.TileRows;

    private readonly RowBlock _rows = on.Rows;
    private readonly AlignedBuffer<int> _labels = on.Labels;
    private readonly AlignedBuffer<float> _slack = on.Slack;
    private readonly BoundKernel _bounds = on.Bounds;
    private readonly Travel _travel = on.Travel;
    private readonly CentroidGroups _groups = grouped.Groups;
    private readonly GroupTravel _groupTravel = grouped.Travel;
    private readonly AlignedBuffer<float> _norms = grouped.Norms;
    private readonly AlignedBuffer<float> _upper = grouped.Upper;

    /// <inheritdoc cref="IAcceleration.Slice"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Slice(RowSource source, int begin, int end, SliceWork work)
    {
        Labelling labelling = on;
        GroupBatch batch = work.Groups;
        batch.Reserve(_groups);
        int many = 0;
        for (int first = begin; first < end; first += TileRows)
        {
            uint spent = labelling.SpentRows(first, end);
            for (; spent != 0; spent &= spent - 1)
                batch.Row[many++] = first + BitOperations.TrailingZeroCount(spent);
            if (many + TileRows <= batch.Room && first + TileRows < end)
                continue;
            Score(source, batch, many, work);
            many = 0;
        }
    }

    /// <summary>Scores a batch of rows against the groups that they need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(RowSource source, GroupBatch batch, int many, SliceWork work)
    {
        RowTiles packer = on.Packer;
        TileFrame frame = on.Frame;
        CentroidTable table = on.Table;
        Certificate certificate = table.Certificate;
        int stride = grouped.Stride;
        int count = 0;
        float normError = Certificate.NormError(_rows.Columns);
        for (int i = 0; i < many; i++)
        {
            int row = batch.Row[i];
            float upper = _upper.Pointer[row] + _groupTravel.Centres[_labels.Pointer[row]];
            // Where every group is farther than the old bound of its own centre allows, the slack spoke of the farthest mover of all.
            if (kernel.Failing(grouped.LowerOf(row), _groupTravel.Groups, stride, upper, batch.Asked) == 0)
                continue;
            source.Soon(row);
            batch.Row[count++] = row;
        }

        batch.Begin(count);
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            batch.OwnPlace[slot] = -1;
            batch.BestPlace[slot] = 0;
            (batch.Best[slot], batch.RunnerUp[slot], batch.OwnScore[slot]) = (float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity);
            float* values = batch.Rows + (slot * _groups.Stride);
            packer.Centre(_rows, row, frame, values);
            if (_norms.Pointer[row] < float.PositiveInfinity)
            {
                int place = _groups.Places[_labels.Pointer[row]];
                float score = grouped.Score(_bounds, values, place);
                (batch.Best[slot], batch.OwnScore[slot], batch.BestPlace[slot], batch.OwnPlace[slot]) = (score, score, place, place);
                work.Evaluated++;
                float upper = Margins.Upper(_norms.Pointer[row], score, normError, certificate);
                int asked = kernel.Failing(grouped.LowerOf(row), _groupTravel.Groups, stride, upper, batch.Asked);
                // An infinite bound, of centres out of range, lets what fills the last vector fail too.
                for (int a = 0; a < asked && batch.Asked[a] < _groups.Groups; a++)
                    batch.Ask(slot, batch.Asked[a]);
            }
        }

        for (int group = 0; group < _groups.Groups; group++)
        {
            if (batch.Counts[group] == 0)
                continue;
            kernel.Score(_groups, group, batch);
            int members = Math.Min(_groups.GroupSize, table.K - (group * _groups.GroupSize));
            work.Evaluated += (long)batch.Counts[group] * members;
        }

        for (int slot = 0; slot < count; slot++)
            batch.Label[slot] = Settle(batch, slot, normError, certificate, work);
        on.Sums.Relabel(source, batch.Row, batch.Label, count, work);
    }

    /// <summary>The label of a scored row; its bounds are renewed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Settle(GroupBatch batch, int slot, float normError, Certificate certificate, SliceWork work)
    {
        int row = batch.Row[slot];
        float norm = _norms.Pointer[row];
        float* bound = grouped.LowerOf(row);
        float limit = Margins.Limit(norm, certificate);
        if (!(limit < float.PositiveInfinity))
        {
            new Span<float>(bound, _groups.Groups).Fill(float.NegativeInfinity);
            _upper.Pointer[row] = float.PositiveInfinity;
            return on.Undecided(row, work);
        }

        float* minima = batch.Minima + (slot * batch.GroupStride);
        float best = batch.Best[slot];
        int own = batch.OwnPlace[slot];
        int place = batch.BestPlace[slot];
        bool sure = batch.RunnerUp[slot] - best > limit;

        // The bound of a group leaves out the row's own centre, and no other: one that is left or not certain counts again.
        if (own >= 0 && (!sure || place != own))
            Lower(minima + (own / _groups.GroupSize), batch.OwnScore[slot]);
        if (!sure)
            Lower(minima + (place / _groups.GroupSize), best);
        else if (place != own)
            minima[place / _groups.GroupSize] = batch.RunnerUp[slot];

        float square = norm * norm;
        float error = Margins.Error(square, limit, normError);
        float least = kernel.Renew(bound, minima, _groupTravel.Groups, grouped.Stride, square, error);
        if (!sure)
        {
            _upper.Pointer[row] = float.PositiveInfinity;
            return on.Undecided(row, work);
        }

        int label = _groups.Members[place];
        float upper = Margins.Upper(norm, best, normError, certificate);
        _slack.Pointer[row] = Margins.More(least - upper, _travel.Table[label]);
        _upper.Pointer[row] = Margins.Less(upper, _groupTravel.Centres[label]);
        return label;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lower(float* minimum, float score) => *minimum = Math.Min(*minimum, score);
}
