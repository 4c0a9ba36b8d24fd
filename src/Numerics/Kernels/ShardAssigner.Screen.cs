using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Numerics.Kernels;

/// <content>
/// Acceleration for many centres of many columns: rows and centres rounded to seven bits say which centres cannot be nearest, four times
/// as fast as float32 scores would, and the few that are left are scored. From step to step a row keeps a lower bound on its distance to
/// all centres but its own. A centre that has not moved cannot have come nearer than the row's own that has not moved either, so that only
/// the movers count, and of them those that moved far enough to make up for the bound: the first few of a table sorted by that.
/// </content>
/// <remarks>A row costs d bytes of codes and 28 of bounds and numbers besides.</remarks>
public sealed unsafe partial class ShardAssigner
{
    /// <summary>Rows of a slice of which many may be passed over.</summary>
    private const int ScreenSliceRows = 1024;

    /// <summary>More codes than this (1 GiB) are not kept.</summary>
    private const int MostCodes = 1 << 30;

    /// <summary>The share of a row's lead that movers it is not screened against may use up.</summary>
    private const float SpentLead = 0.25f;

    /// <summary>Fewer rows of a tile than this are looked at one by one.</summary>
    private const int FewSpent = 8;

    private readonly AlignedBuffer<byte> codes = new();
    private readonly AlignedBuffer<float> facts = new();
    private readonly AlignedBuffer<float> lowerBounds = new();
    private readonly ScreenTable screens = new();
    private readonly ScreenKernel screenKernel;
    private readonly Action<int> screenSlice;
    private readonly Action<int> screenPruneSlice;
    private bool screening;
    private bool coded;

    /// <summary>Whether screening so many centres pays, and the codes have room.</summary>
    private bool ScreeningPays(int k)
        => BoundChoice.ScreeningPays(k, rows.Columns) && (long)labels.Length * Transpose.Stride(rows.Columns) <= MostCodes;

    /// <summary>Takes new centres, and makes room.</summary>
    private void PrepareScreen(double[] centroids, int k, bool hold)
    {
        if (!hold)
            travel.Reset(k);
        screens.Set(centroids, k, tileFrame, hold ? travel.Moved : default, screenKernel);
        codes.Reserve(checked(labels.Length * screens.Stride));
        facts.Reserve(labels.Length * ScreenKernel.RowFacts);
        norms.Reserve(labels.Length);
        upperBounds.Reserve(labels.Length);
        lowerBounds.Reserve(labels.Length);
    }

    /// <summary>Screens every row of a slice against all centres: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenSlice(int slice)
    {
        if (cancelled.IsCancellationRequested)
            return;
        SliceWork work = works.Borrow(clear);
        ScreenBatch batch = work.Screens;
        batch.Reserve(screens);
        int end = Math.Min(rows.Rows, (slice + 1) * sliceRows);
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span, weights = rows.Weights.Span)
        {
            var source = new Source(singles, doubles, weights, rows.Columns);
            for (int first = slice * sliceRows; first < end; first += ScreenBatch.Room)
            {
                int count = Math.Min(ScreenBatch.Room, end - first);
                for (int slot = 0; slot < count; slot++)
                {
                    batch.Row[slot] = first + slot;
                    if (!coded)
                        Encode(first + slot, batch.Values);
                }

                new Span<float>(batch.Owns, ScreenKernel.MostRows).Fill(float.PositiveInfinity);
                for (int slot = 0; slot < count; slot += ScreenKernel.MostRows)
                    ScreenAll(source, batch, batch.Row + slot, Math.Min(ScreenKernel.MostRows, count - slot), batch.Label + slot, work);
                Record(source, first, count, batch.Label, work);
            }
        }

        works.Return(work);
    }

    /// <summary>Screens the rows of a slice whose slack is spent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenPruneSlice(int slice)
    {
        if (cancelled.IsCancellationRequested)
            return;
        SliceWork work = works.Borrow(clear);
        ScreenBatch batch = work.Screens;
        batch.Reserve(screens);
        int end = Math.Min(rows.Rows, (slice + 1) * sliceRows);
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span, weights = rows.Weights.Span)
        {
            var source = new Source(singles, doubles, weights, rows.Columns);
            int many = 0;
            for (int first = slice * sliceRows; first < end; first += TileRows)
            {
                uint spent = bounds.Spent(slack.Pointer + first, labels.Pointer + first, travel.Table);
                if (end - first < TileRows)
                    spent &= (1u << (end - first)) - 1;
                if (BitOperations.PopCount(spent) >= FewSpent)
                    spent = PassOver(batch, first, spent, work);
                for (; spent != 0; spent &= spent - 1)
                {
                    int row = first + BitOperations.TrailingZeroCount(spent);
                    batch.Row[many++] = row;
                    CodesSoon(row);
                }

                if (many + TileRows <= ScreenBatch.Room && first + TileRows < end)
                    continue;
                ScreenMovers(source, batch, many, work);
                many = 0;
            }
        }

        works.Return(work);
    }

    /// <summary>
    /// Passes over rows of a tile that no centre came near: no mover, or none of the first panel. What is left must be looked at one by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint PassOver(ScreenBatch batch, int first, uint spent, SliceWork work)
    {
        const int Panel = ScreenTable.Panel;
        var tile = new ScreenTile(labels.Pointer + first, slack.Pointer + first, lowerBounds.Pointer + first, upperBounds.Pointer + first, norms.Pointer + first, batch.Tile);
        uint none = screenKernel.Leads(tile, travel, SpentLead, screens.Moves[0], screens.Moves[Math.Min(Panel, screens.Movers)], out uint one);
        (none, one) = (none & spent, one & spent);
        int* some = batch.Rows;
        for (uint left = one; left != 0;)
        {
            int count = 0;
            for (; left != 0 && count < ScreenKernel.MostRows; left &= left - 1)
            {
                int row = first + BitOperations.TrailingZeroCount(left);
                some[count++] = row;
                CodesSoon(Math.Min(row + TileRows, rows.Rows - 1));
            }

            screenKernel.Screen(screens, 1, codes.Pointer, facts.Pointer, some, count, batch.Bounds);
            work.Evaluated += (long)count * Math.Min(Panel, table.K);
            for (int s = 0; s < count; s++)
            {
                float* screened = batch.Bounds + (s * Panel);
                int own = screens.Places[labels.Pointer[some[s]]];
                if (own < Panel)
                    screened[own] = float.PositiveInfinity;
                tile.Least[some[s] - first] = screenKernel.Least(screened, Panel);
            }
        }

        uint doubtful = screenKernel.Renew(tile, none | one, travel, table.Certificate, Certificate.NormError(rows.Columns));
        return spent & ~(none | one) | doubtful;
    }

    /// <summary>Asks for the memory of a row's codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CodesSoon(int row)
    {
        byte* at = codes.Pointer + ((long)row * screens.Stride);
        for (int line = 0; line < screens.Stride && Sse.IsSupported; line += 64)
            Sse.Prefetch0(at + line);
        if (Sse.IsSupported)
            Sse.Prefetch0(facts.Pointer + ((long)row * ScreenKernel.RowFacts));
    }

    /// <summary>Screens a batch of rows against the movers that could have become the nearest of each, or against all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenMovers(Source source, ScreenBatch batch, int count, SliceWork work)
    {
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            int label = labels.Pointer[row];
            batch.Label[slot] = label;
            batch.Lower[slot] = lowerBounds.Pointer[row] - travel.OthersBefore[label];
            batch.Upper[slot] = upperBounds.Pointer[row] + travel.Own[label];
            if (!(batch.Lower[slot] > batch.Upper[slot]))
                source.Soon(row);
        }

        for (int slot = 0; slot < count; slot++)
            batch.Panels[slot] = PanelsFor(batch, slot, work);
        int none = batch.Sort(count);
        for (int i = 0; i < none; i++)
            Keep(batch, batch.Sorted[i], screens.Moves[0], float.PositiveInfinity);
        int* found = stackalloc int[ScreenKernel.MostRows];
        for (int i = none; i < count; i += ScreenKernel.MostRows)
        {
            int some = Math.Min(ScreenKernel.MostRows, count - i);
            for (int s = 0; s < some; s++)
                (batch.Rows[s], batch.Owns[s]) = (batch.Row[batch.Sorted[i + s]], batch.Own[batch.Sorted[i + s]]);
            if (batch.Panels[batch.Sorted[i + some - 1]] == screens.Panels)
            {
                ScreenAll(source, batch, batch.Rows, some, found, work);
                for (int s = 0; s < some; s++)
                    batch.Label[batch.Sorted[i + s]] = found[s];
                continue;
            }

            int panels = batch.Panels[batch.Sorted[i + some - 1]];
            int places = panels * ScreenTable.Panel;
            screenKernel.Screen(screens, panels, codes.Pointer, facts.Pointer, batch.Rows, some, batch.Bounds);
            work.Evaluated += (long)some * Math.Min(places, table.K);
            for (int s = 0; s < some; s++)
                SettleMovers(batch, batch.Sorted[i + s], batch.Bounds + (s * places), places, work);
        }

        var moves = new Moves(work);
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            if (batch.Label[slot] == labels.Pointer[row])
                continue;
            moves.Add(row, labels.Pointer[row], batch.Label[slot]);
            labels.Pointer[row] = batch.Label[slot];
        }

        Move(source, moves, work);
    }

    /// <summary>How many panels of movers, or of all centres, a row must be screened against.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PanelsFor(ScreenBatch batch, int slot, SliceWork work)
    {
        int row = batch.Row[slot];
        int label = batch.Label[slot];
        float lower = batch.Lower[slot];
        batch.Own[slot] = float.PositiveInfinity;
        if (!(lower > batch.Upper[slot]))
        {
            float norm = norms.Pointer[row];
            if (!(Limit(norm, table.Certificate) < float.PositiveInfinity))
                return screens.Panels;
            packer.Centre(rows, row, tileFrame, batch.Values);
            float score = screenKernel.Score(batch.Values, screens.Own(label), screens.Half(label), screens.Stride);
            work.Evaluated++;
            float upper = Upper(norm, score, Certificate.NormError(rows.Columns));
            (batch.Own[slot], batch.Upper[slot]) = (score, upper);
            // Centres that stay have not come nearer, but the row's own may have gone.
            if (!(lower > upper) && travel.Moved[label] != 0)
                return screens.Panels;
        }

        // A bound that is not a number asks for all movers.
        float lead = SpentLead * (lower - batch.Upper[slot]);
        int panels = 0;
        while (panels * ScreenTable.Panel < screens.Movers && !(screens.Moves[panels * ScreenTable.Panel] < lead))
            panels++;
        return 4 * panels > 3 * screens.Panels ? screens.Panels : panels;
    }

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
        int own = screens.Places[label];
        if (own < places)
            screened[own] = float.PositiveInfinity;
        float norm = norms.Pointer[row];
        float normError = Certificate.NormError(rows.Columns);
        float limit = Limit(norm, table.Certificate);
        if (!(limit < float.PositiveInfinity))
        {
            batch.Label[slot] = Undecided(row, work);
            return;
        }

        float square = norm * norm;
        float error = Error(square, limit, normError);
        float nearer = screens.Moves[Math.Min(places, screens.Movers)];
        float nearest = Lower(screenKernel.Least(screened, places), square, error);
        if (nearest > batch.Upper[slot])
        {
            Keep(batch, slot, nearer, nearest);
            return;
        }

        packer.Centre(rows, row, tileFrame, batch.Values);
        float score = batch.Own[slot];
        if (!(score < float.PositiveInfinity))
        {
            score = screenKernel.Score(batch.Values, screens.Own(label), screens.Half(label), screens.Stride);
            work.Evaluated++;
        }

        var two = new Two { Best = score, Place = own, Second = float.PositiveInfinity };
        float rest = Score(batch, screened, places, limit, ref two, Above(score, limit));
        if (!(two.Second - two.Best > limit))
        {
            batch.Label[slot] = Undecided(row, work);
            return;
        }

        batch.Label[slot] = screens.Members[two.Place];
        batch.Upper[slot] = Upper(norm, two.Best, normError);
        Keep(batch, slot, nearer, Lower(Math.Min(two.Second, rest), square, error));
    }

    /// <summary>Screens at most 16 rows against all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenAll(Source source, ScreenBatch batch, int* which, int count, int* fresh, SliceWork work)
    {
        int places = screens.Panels * ScreenTable.Panel;
        int* padded = stackalloc int[ScreenKernel.MostRows];
        for (int i = 0; i < count; i++)
        {
            padded[i] = which[i];
            source.Soon(which[i]);
        }

        screenKernel.Screen(screens, screens.Panels, codes.Pointer, facts.Pointer, padded, count, batch.Bounds);
        work.Scored += count;
        for (int i = 0; i < count; i++)
            fresh[i] = SettleAll(batch, which[i], batch.Owns[i], batch.Bounds + (i * places), places, work);
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
        float norm = norms.Pointer[row];
        float normError = Certificate.NormError(rows.Columns);
        float limit = Limit(norm, table.Certificate);
        if (!(limit < float.PositiveInfinity))
            return Undecided(row, work);
        packer.Centre(rows, row, tileFrame, batch.Values);
        var two = new Two { Best = score, Second = float.PositiveInfinity };
        float least = score;
        if (score < float.PositiveInfinity)
        {
            two.Place = screens.Places[labels.Pointer[row]];
            screened[two.Place] = float.PositiveInfinity;
        }
        else
        {
            least = screenKernel.Least(screened, places);
        }

        float rest = Score(batch, screened, places, limit, ref two, Above(least, limit));
        if (!(two.Second - two.Best > limit))
            return Undecided(row, work);
        int label = screens.Members[two.Place];
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
            int many = screenKernel.Candidates(screened, places, most, batch.Found, out float rest);
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
                int centre = screens.Members[place];
                two.Take(screenKernel.Score(batch.Values, screens.Own(centre), screens.Half(centre), screens.Stride), place);
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
        (lowerBounds.Pointer[row], upperBounds.Pointer[row]) = (float.NegativeInfinity, float.PositiveInfinity);
        return Decide(row, work);
    }

    private void Bound(int row, int label, float lower, float upper)
    {
        const float Less = 1 - (1f / (1 << 22));
        slack.Pointer[row] = MathF.FusedMultiplyAdd(travel.Table[label], Less, lower - upper);
        lowerBounds.Pointer[row] = MathF.FusedMultiplyAdd(travel.Others[label], Less, lower);
        upperBounds.Pointer[row] = Travelled(upper, travel.Own[label]);
    }

    /// <summary>Rounds a row to seven bits.</summary>
    private void Encode(int row, float* values)
    {
        packer.Centre(rows, row, tileFrame, values);
        float* fact = facts.Pointer + ((long)row * ScreenKernel.RowFacts);
        screenKernel.Encode(values, screens.Stride, ScreenKernel.Bias, (float)Certificate.NormLimit(tileFrame.ScaleExponent), codes.Pointer + ((long)row * screens.Stride), fact);
        norms.Pointer[row] = fact[ScreenKernel.RowFacts - 1];
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
