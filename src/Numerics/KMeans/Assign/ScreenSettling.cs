using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>What becomes of a row that was screened: the centres that are left are scored, and its bounds follow.</summary>
/// <param name="on">The rows and labels.</param>
/// <param name="screened">Centres, and the bounds of rows.</param>
internal sealed unsafe class ScreenSettling(Labelling on, ScreenedRows screened)
{
    private readonly RowBlock _rows = on.Rows;
    private readonly AlignedBuffer<int> _labels = on.Labels;
    private readonly AlignedBuffer<float> _norms = screened.Norms;
    private readonly CodeKernel _kernel = screened.Kernel;
    private readonly BoundKernel _bounds = on.Bounds;
    private readonly RowTiles _packer = on.Packer;
    private readonly TileFrame _frame = on.Frame;

    /// <summary>The bounds of a row whose label stays: centres it was not screened against have come nearer by no more than so much.</summary>
    public void Keep(ScreenBatch batch, int slot, float nearer, float nearest)
    {
        int row = batch.Row[slot];
        screened.Bound(row, batch.Label[slot], Math.Min(batch.Lower[slot] - nearer, nearest), batch.Upper[slot]);
    }

    /// <summary>The label of a row that was screened against the first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Movers(ScreenBatch batch, int slot, float* scores, int places, SliceWork work)
    {
        int row = batch.Row[slot];
        int label = batch.Label[slot];
        CodeTable screens = screened.Table;
        int own = screens.Places[label];
        if (own < places)
            scores[own] = float.PositiveInfinity;
        float norm = _norms.Pointer[row];
        Certificate certificate = on.Table.Certificate;
        float normError = Certificate.NormError(_rows.Columns);
        float limit = Margins.Limit(norm, certificate);
        if (!(limit < float.PositiveInfinity))
        {
            batch.Label[slot] = screened.Undecided(row, work);
            return;
        }

        float square = norm * norm;
        float error = Margins.Error(square, limit, normError);
        float nearer = screens.Moves[Math.Min(places, screens.Movers)];
        float nearest = Margins.Lower(_kernel.Least(scores, places), square, error);
        if (nearest > batch.Upper[slot])
        {
            Keep(batch, slot, nearer, nearest);
            return;
        }

        _packer.Centre(_rows, row, _frame, batch.Values);
        float score = batch.Own[slot];
        if (!(score < float.PositiveInfinity))
        {
            score = _bounds.Score(batch.Values, screens.Own(label), screens.Half(label), screens.Stride);
            work.Evaluated++;
        }

        var two = new Two { Best = score, Place = own, Second = float.PositiveInfinity };
        float rest = Score(batch, scores, places, limit, ref two, Above(score, limit));
        if (!(two.Second - two.Best > limit))
        {
            batch.Label[slot] = screened.Undecided(row, work);
            return;
        }

        batch.Label[slot] = screens.Members[two.Place];
        batch.Upper[slot] = Margins.Upper(norm, two.Best, normError, certificate);
        Keep(batch, slot, nearer, Margins.Lower(Math.Min(two.Second, rest), square, error));
    }

    /// <summary>The label of a row that was screened against all centres; its bounds begin.</summary>
    /// <param name="batch">Scratch.</param>
    /// <param name="row">Which.</param>
    /// <param name="score">The score of its own centre, or infinite.</param>
    /// <param name="scores">Bounds on the scores.</param>
    /// <param name="places">How many.</param>
    /// <param name="work">Counts what is done.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int All(ScreenBatch batch, int row, float score, float* scores, int places, SliceWork work)
    {
        CodeTable screens = screened.Table;
        float norm = _norms.Pointer[row];
        Certificate certificate = on.Table.Certificate;
        float normError = Certificate.NormError(_rows.Columns);
        float limit = Margins.Limit(norm, certificate);
        if (!(limit < float.PositiveInfinity))
            return screened.Undecided(row, work);
        _packer.Centre(_rows, row, _frame, batch.Values);
        var two = new Two { Best = score, Second = float.PositiveInfinity };
        float least = score;
        if (score < float.PositiveInfinity)
        {
            two.Place = screens.Places[_labels.Pointer[row]];
            scores[two.Place] = float.PositiveInfinity;
        }
        else
        {
            least = _kernel.Least(scores, places);
        }

        float rest = Score(batch, scores, places, limit, ref two, Above(least, limit));
        if (!(two.Second - two.Best > limit))
            return screened.Undecided(row, work);
        int label = screens.Members[two.Place];
        float square = norm * norm;
        float nearest = Margins.Lower(Math.Min(two.Second, rest), square, Margins.Error(square, limit, normError));
        screened.Bound(row, label, nearest, Margins.Upper(norm, two.Best, normError, certificate));
        return label;
    }

    /// <summary>
    /// Scores every place whose bound is not above the least score by more than the certificate asks for. Returns the least bound of
    /// the other places, or above.
    /// </summary>
    /// <param name="batch">Holds the centred row.</param>
    /// <param name="scores">Bounds: those of scored places become infinite.</param>
    /// <param name="places">How many.</param>
    /// <param name="limit">What the certificate asks for.</param>
    /// <param name="two">The least two scores so far.</param>
    /// <param name="most">Bounds to look at first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Score(ScreenBatch batch, float* scores, int places, float limit, ref Two two, float most)
    {
        CodeTable screens = screened.Table;
        while (true)
        {
            int many = _kernel.Candidates(scores, places, most, batch.Found, out float rest);
            LeastFirst(scores, batch.Found, many);
            for (int i = 0; i < many; i++)
            {
                int place = batch.Found[i];
                if (scores[place] - two.Best > limit)
                {
                    rest = Math.Min(rest, scores[place]);
                    continue;
                }

                scores[place] = float.PositiveInfinity;
                int centre = screens.Members[place];
                two.Take(_bounds.Score(batch.Values, screens.Own(centre), screens.Half(centre), screens.Stride), place);
            }

            if (rest - two.Best > limit)
                return rest;
            most = Above(two.Best, limit);
        }
    }

    /// <summary>Puts the place of the least bound first: its score leaves few others to be looked at.</summary>
    private static void LeastFirst(float* scores, int* found, int many)
    {
        for (int i = 1; i < many; i++)
        {
            if (scores[found[i]] < scores[found[0]])
                (found[0], found[i]) = (found[i], found[0]);
        }
    }

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
