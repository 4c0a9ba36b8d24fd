using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>Steps in which groups have bounds: rows whose slack is spent are scored against the groups whose bound is.</content>
public sealed unsafe partial class ShardAssigner
{
    /// <summary>Scores the rows of a slice whose slack is spent against the groups whose bound is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GroupPruneSlice(Source source, int begin, int end, SliceWork work)
    {
        GroupBatch batch = work.Groups;
        batch.Reserve(_groups);
        int many = 0;
        for (int first = begin; first < end; first += TileRows)
        {
            uint spent = SpentRows(first, end);
            for (; spent != 0; spent &= spent - 1)
                batch.Row[many++] = first + BitOperations.TrailingZeroCount(spent);
            if (many + TileRows <= batch.Room && first + TileRows < end)
                continue;
            AssignGrouped(source, batch, many, work);
            many = 0;
        }
    }

    /// <summary>Scores a batch of rows against the groups that they need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssignGrouped(Source source, GroupBatch batch, int many, SliceWork work)
    {
        int count = 0;
        float normError = Certificate.NormError(_rows.Columns);
        for (int i = 0; i < many; i++)
        {
            int row = batch.Row[i];
            float* bound = _groupBounds.Pointer + ((long)row * _groupStride);
            float upper = _upperBounds.Pointer[row] + _groupTravel.Centres[_labels.Pointer[row]];
            // Where every group is farther than the old bound of its own centre allows, the slack spoke of the farthest mover of all.
            if (_groupKernel.Failing(bound, _groupTravel.Groups, _groupStride, upper, batch.Asked) == 0)
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
            _packer.Centre(_rows, row, _tileFrame, values);
            if (_norms.Pointer[row] < float.PositiveInfinity)
            {
                float* bound = _groupBounds.Pointer + ((long)row * _groupStride);
                int place = _groups.Places[_labels.Pointer[row]];
                float score = _bounds.Score(values, _groups.Own + ((long)place * _groups.Stride), _groups.Halves[place], _groups.Stride);
                (batch.Best[slot], batch.OwnScore[slot], batch.BestPlace[slot], batch.OwnPlace[slot]) = (score, score, place, place);
                work.Evaluated++;
                float upper = Upper(_norms.Pointer[row], score, normError);
                int asked = _groupKernel.Failing(bound, _groupTravel.Groups, _groupStride, upper, batch.Asked);
                // An infinite bound, of centres out of range, lets what fills the last vector fail too.
                for (int a = 0; a < asked && batch.Asked[a] < _groups.Groups; a++)
                    batch.Ask(slot, batch.Asked[a]);
            }
        }

        for (int group = 0; group < _groups.Groups; group++)
        {
            if (batch.Counts[group] == 0)
                continue;
            _groupKernel.Score(_groups, group, batch);
            int members = Math.Min(_groups.GroupSize, _table.K - (group * _groups.GroupSize));
            work.Evaluated += (long)batch.Counts[group] * members;
        }

        for (int slot = 0; slot < count; slot++)
            batch.Label[slot] = Settle(batch, slot, normError, work);
        Relabel(source, batch, count, work);
    }

    /// <summary>The label of a scored row; its bounds are renewed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Settle(GroupBatch batch, int slot, float normError, SliceWork work)
    {
        int row = batch.Row[slot];
        float norm = _norms.Pointer[row];
        float* bound = _groupBounds.Pointer + ((long)row * _groupStride);
        Certificate certificate = _table.Certificate;
        float limit = Limit(norm, certificate);
        if (!(limit < float.PositiveInfinity))
        {
            new Span<float>(bound, _groups.Groups).Fill(float.NegativeInfinity);
            _upperBounds.Pointer[row] = float.PositiveInfinity;
            return Decide(row, work);
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
        float error = Error(square, limit, normError);
        float least = _groupKernel.Renew(bound, minima, _groupTravel.Groups, _groupStride, square, error);
        if (!sure)
        {
            _upperBounds.Pointer[row] = float.PositiveInfinity;
            return Decide(row, work);
        }

        int label = _groups.Members[place];
        float upper = Upper(norm, best, normError);
        _slack.Pointer[row] = MathF.FusedMultiplyAdd(_travel.Table[label], 1 - (1f / (1 << 22)), least - upper);
        _upperBounds.Pointer[row] = Remembered(upper, label);
        return label;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lower(float* minimum, float score) => *minimum = Math.Min(*minimum, score);

    /// <summary>Moves rows of a batch whose label changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Relabel(Source source, GroupBatch batch, int count, SliceWork work)
    {
        var moves = new Moves(work);
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            int label = batch.Label[slot];
            if (label == _labels.Pointer[row])
                continue;
            moves.Add(row, _labels.Pointer[row], label);
            _labels.Pointer[row] = label;
        }

        Move(source, moves, work);
    }
}
