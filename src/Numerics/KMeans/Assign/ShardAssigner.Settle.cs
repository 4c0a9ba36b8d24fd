using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>What becomes of a row that was screened: the centres that are left are scored, and its bounds follow.</content>
public sealed unsafe partial class ShardAssigner
{
    /// <summary>The bounds of a row whose label stays: centres it was not screened against have come nearer by no more than so much.</summary>
    private void Keep(ScreenBatch batch, int slot, float nearer, float screened)
    {
        int row = batch.Row[slot];
        Bound(row, batch.Label[slot], Math.Min(batch.Lower[slot] - nearer, screened), batch.Upper[slot]);
    }

    /// <summary>The label of a row that was screened against the first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SettleMovers(ScreenBatch batch, int slot, float* screened, int places, SliceWork work)
    {
        int row = batch.Row[slot];
        int label = batch.Label[slot];
        int own = _screens.Places[label];
        if (own < places)
            screened[own] = float.PositiveInfinity;
        float norm = _norms.Pointer[row];
        float normError = Certificate.NormError(_rows.Columns);
        float limit = Limit(norm, _table.Certificate);
        if (!(limit < float.PositiveInfinity))
        {
            batch.Label[slot] = Undecided(row, work);
            return;
        }

        float square = norm * norm;
        float error = Error(square, limit, normError);
        float nearer = _screens.Moves[Math.Min(places, _screens.Movers)];
        float nearest = Lower(_codeKernel.Least(screened, places), square, error);
        if (nearest > batch.Upper[slot])
        {
            Keep(batch, slot, nearer, nearest);
            return;
        }

        _packer.Centre(_rows, row, _tileFrame, batch.Values);
        float score = batch.Own[slot];
        if (!(score < float.PositiveInfinity))
        {
            score = _bounds.Score(batch.Values, _screens.Own(label), _screens.Half(label), _screens.Stride);
            work.Evaluated++;
        }

        var two = new Two { Best = score, Place = own, Second = float.PositiveInfinity };
        float rest = Score(batch, screened, places, limit, ref two, Above(score, limit));
        if (!(two.Second - two.Best > limit))
        {
            batch.Label[slot] = Undecided(row, work);
            return;
        }

        batch.Label[slot] = _screens.Members[two.Place];
        batch.Upper[slot] = Upper(norm, two.Best, normError);
        Keep(batch, slot, nearer, Lower(Math.Min(two.Second, rest), square, error));
    }

    /// <summary>The label of a row that was screened against all centres; its bounds begin.</summary>
    /// <param name="batch">Scratch.</param>
    /// <param name="row">Which.</param>
    /// <param name="score">The score of its own centre, or infinite.</param>
    /// <param name="screened">Bounds on the scores.</param>
    /// <param name="places">How many.</param>
    /// <param name="work">Counts what is done.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int SettleAll(ScreenBatch batch, int row, float score, float* screened, int places, SliceWork work)
    {
        float norm = _norms.Pointer[row];
        float normError = Certificate.NormError(_rows.Columns);
        float limit = Limit(norm, _table.Certificate);
        if (!(limit < float.PositiveInfinity))
            return Undecided(row, work);
        _packer.Centre(_rows, row, _tileFrame, batch.Values);
        var two = new Two { Best = score, Second = float.PositiveInfinity };
        float least = score;
        if (score < float.PositiveInfinity)
        {
            two.Place = _screens.Places[_labels.Pointer[row]];
            screened[two.Place] = float.PositiveInfinity;
        }
        else
        {
            least = _codeKernel.Least(screened, places);
        }

        float rest = Score(batch, screened, places, limit, ref two, Above(least, limit));
        if (!(two.Second - two.Best > limit))
            return Undecided(row, work);
        int label = _screens.Members[two.Place];
        float square = norm * norm;
        Bound(row, label, Lower(Math.Min(two.Second, rest), square, Error(square, limit, normError)), Upper(norm, two.Best, normError));
        return label;
    }

    /// <summary>
    /// Scores every place whose bound is not above the least score by more than the certificate asks for. Returns the least bound of
    /// the other places, or above.
    /// </summary>
    /// <param name="batch">Holds the centred row.</param>
    /// <param name="screened">Bounds: those of scored places become infinite.</param>
    /// <param name="places">How many.</param>
    /// <param name="limit">What the certificate asks for.</param>
    /// <param name="two">The least two scores so far.</param>
    /// <param name="most">Bounds to look at first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Score(ScreenBatch batch, float* screened, int places, float limit, ref Two two, float most)
    {
        while (true)
        {
            int many = _codeKernel.Candidates(screened, places, most, batch.Found, out float rest);
            LeastFirst(screened, batch.Found, many);
            for (int i = 0; i < many; i++)
            {
                int place = batch.Found[i];
                if (screened[place] - two.Best > limit)
                {
                    rest = Math.Min(rest, screened[place]);
                    continue;
                }

                screened[place] = float.PositiveInfinity;
                int centre = _screens.Members[place];
                two.Take(_bounds.Score(batch.Values, _screens.Own(centre), _screens.Half(centre), _screens.Stride), place);
            }

            if (rest - two.Best > limit)
                return rest;
            most = Above(two.Best, limit);
        }
    }

    /// <summary>Puts the place of the least bound first: its score leaves few others to be looked at.</summary>
    private static void LeastFirst(float* screened, int* found, int many)
    {
        for (int i = 1; i < many; i++)
        {
            if (screened[found[i]] < screened[found[0]])
                (found[0], found[i]) = (found[i], found[0]);
        }
    }

    /// <summary>A row that canonical distances decide: it has no bounds.</summary>
    private int Undecided(int row, SliceWork work)
    {
        (_lowerBounds.Pointer[row], _upperBounds.Pointer[row]) = (float.NegativeInfinity, float.PositiveInfinity);
        return Decide(row, work);
    }

    private void Bound(int row, int label, float lower, float upper)
    {
        const float Less = 1 - (1f / (1 << 22));
        _slack.Pointer[row] = MathF.FusedMultiplyAdd(_travel.Table[label], Less, lower - upper);
        _lowerBounds.Pointer[row] = MathF.FusedMultiplyAdd(_travel.Others[label], Less, lower);
        _upperBounds.Pointer[row] = Travelled(upper, _travel.Own[label]);
    }

    /// <summary>Rounds a row to seven bits.</summary>
    private void Encode(int row, float* values)
    {
        _packer.Centre(_rows, row, _tileFrame, values);
        float* fact = _facts.Pointer + ((long)row * CodeKernel.RowFacts);
        _codeKernel.Encode(values, _screens.Stride, CodeKernel.Bias, (float)Certificate.NormLimit(_tileFrame.ScaleExponent),
            _codes.Pointer + ((long)row * _screens.Stride), fact);
        _norms.Pointer[row] = fact[CodeKernel.RowFacts - 1];
    }

    /// <summary>An upper bound as it is kept: less what the centre has travelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Travelled(float upper, float travelled) => MathF.FusedMultiplyAdd(travelled, -(1 - (1f / (1 << 22))), upper);

    /// <summary>At most the distance to a centre of this score, with the margin of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Lower(float score, float square, float error)
        => MathF.Sqrt(Math.Max(MathF.FusedMultiplyAdd(2, score, square) - error, 0)) * (1 - (1f / (1 << 18)));

    /// <summary>Somewhat more than a score and a limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Above(float score, float limit) => score + (limit * 1.01f) + (Math.Abs(score) * 1e-6f);

    /// <summary>The least two scores.</summary>
    private struct Two
    {
        public float Best;
        public float Second;
        public int Place;

        public void Take(float score, int place)
        {
            if (score < Best)
                (Second, Best, Place) = (Best, score, place);
            else if (score < Second)
                Second = score;
        }
    }
}
