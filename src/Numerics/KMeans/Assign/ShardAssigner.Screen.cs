using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

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

    private readonly AlignedBuffer<byte> _codes = new();
    private readonly AlignedBuffer<float> _facts = new();
    private readonly AlignedBuffer<float> _lowerBounds = new();
    private readonly CodeTable _screens = new();
    private readonly CodeKernel _codeKernel;
    private readonly LeadKernel _leadKernel;
    private readonly SliceBody _screenSlice;
    private readonly SliceBody _screenPruneSlice;
    private bool _screening;
    private bool _coded;

    /// <summary>Whether screening so many centres pays, and the codes have room.</summary>
    private bool ScreeningPays(int k)
        => BoundChoice.ScreeningPays(k, _rows.Columns) && (long)_labels.Length * Transpose.Stride(_rows.Columns) <= MostCodes;

    /// <summary>Takes new centres, and makes room.</summary>
    private void PrepareScreen(double[] centroids, int k, bool hold)
    {
        if (!hold)
            _travel.Reset(k);
        _screens.Set(centroids, k, _tileFrame, hold ? _travel.Moved : default, _codeKernel);
        _codes.Reserve(checked(_labels.Length * _screens.Stride));
        _facts.Reserve(_labels.Length * CodeKernel.RowFacts);
        _norms.Reserve(_labels.Length);
        _upperBounds.Reserve(_labels.Length);
        _lowerBounds.Reserve(_labels.Length);
    }

    /// <summary>Screens every row of a slice against all centres: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenSlice(Source source, int begin, int end, SliceWork work)
    {
        ScreenBatch batch = work.Screens;
        batch.Reserve(_screens);
        for (int first = begin; first < end; first += ScreenBatch.Room)
        {
            int count = Math.Min(ScreenBatch.Room, end - first);
            for (int slot = 0; slot < count; slot++)
            {
                batch.Row[slot] = first + slot;
                if (!_coded)
                    Encode(first + slot, batch.Values);
            }

            new Span<float>(batch.Owns, CodeKernel.MostRows).Fill(float.PositiveInfinity);
            for (int slot = 0; slot < count; slot += CodeKernel.MostRows)
                ScreenAll(source, batch, batch.Row + slot, Math.Min(CodeKernel.MostRows, count - slot), batch.Label + slot, work);
            Record(source, first, count, batch.Label, work);
        }
    }

    /// <summary>Screens the rows of a slice whose slack is spent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenPruneSlice(Source source, int begin, int end, SliceWork work)
    {
        ScreenBatch batch = work.Screens;
        batch.Reserve(_screens);
        int many = 0;
        for (int first = begin; first < end; first += TileRows)
        {
            uint spent = SpentRows(first, end);
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

    /// <summary>
    /// Passes over rows of a tile that no centre came near: no mover, or none of the first panel. What is left must be looked at one by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint PassOver(ScreenBatch batch, int first, uint spent, SliceWork work)
    {
        const int Panel = CodeTable.Panel;
        var tile = new ScreenTile(
            _labels.Pointer + first, _slack.Pointer + first, _lowerBounds.Pointer + first, _upperBounds.Pointer + first, _norms.Pointer + first, batch.Tile);
        uint none = _leadKernel.Leads(tile, _travel, SpentLead, _screens.Moves[0], _screens.Moves[Math.Min(Panel, _screens.Movers)], out uint one);
        (none, one) = (none & spent, one & spent);
        int* some = batch.Rows;
        for (uint left = one; left != 0;)
        {
            int count = 0;
            for (; left != 0 && count < CodeKernel.MostRows; left &= left - 1)
            {
                int row = first + BitOperations.TrailingZeroCount(left);
                some[count++] = row;
                CodesSoon(Math.Min(row + TileRows, _rows.Rows - 1));
            }

            _codeKernel.Screen(_screens, 1, _codes.Pointer, _facts.Pointer, some, count, batch.Bounds);
            work.Evaluated += (long)count * Math.Min(Panel, _table.K);
            for (int s = 0; s < count; s++)
            {
                float* screened = batch.Bounds + (s * Panel);
                int own = _screens.Places[_labels.Pointer[some[s]]];
                if (own < Panel)
                    screened[own] = float.PositiveInfinity;
                tile.Least[some[s] - first] = _codeKernel.Least(screened, Panel);
            }
        }

        uint doubtful = _leadKernel.Renew(tile, none | one, _travel, _table.Certificate, Certificate.NormError(_rows.Columns));
        return spent & ~(none | one) | doubtful;
    }

    /// <summary>Asks for the memory of a row's codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CodesSoon(int row)
    {
        byte* at = _codes.Pointer + ((long)row * _screens.Stride);
        for (int line = 0; line < _screens.Stride && Sse.IsSupported; line += 64)
            Sse.Prefetch0(at + line);
        if (Sse.IsSupported)
            Sse.Prefetch0(_facts.Pointer + ((long)row * CodeKernel.RowFacts));
    }

    /// <summary>Screens a batch of rows against the movers that could have become the nearest of each, or against all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenMovers(Source source, ScreenBatch batch, int count, SliceWork work)
    {
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            int label = _labels.Pointer[row];
            batch.Label[slot] = label;
            batch.Lower[slot] = _lowerBounds.Pointer[row] - _travel.OthersBefore[label];
            batch.Upper[slot] = _upperBounds.Pointer[row] + _travel.Own[label];
            if (!(batch.Lower[slot] > batch.Upper[slot]))
                source.Soon(row);
        }

        for (int slot = 0; slot < count; slot++)
            batch.Panels[slot] = PanelsFor(batch, slot, work);
        int none = batch.Sort(count);
        for (int i = 0; i < none; i++)
            Keep(batch, batch.Sorted[i], _screens.Moves[0], float.PositiveInfinity);
        int* found = stackalloc int[CodeKernel.MostRows];
        for (int i = none; i < count; i += CodeKernel.MostRows)
        {
            int some = Math.Min(CodeKernel.MostRows, count - i);
            for (int s = 0; s < some; s++)
                (batch.Rows[s], batch.Owns[s]) = (batch.Row[batch.Sorted[i + s]], batch.Own[batch.Sorted[i + s]]);
            if (batch.Panels[batch.Sorted[i + some - 1]] == _screens.Panels)
            {
                ScreenAll(source, batch, batch.Rows, some, found, work);
                for (int s = 0; s < some; s++)
                    batch.Label[batch.Sorted[i + s]] = found[s];
                continue;
            }

            int panels = batch.Panels[batch.Sorted[i + some - 1]];
            int places = panels * CodeTable.Panel;
            _codeKernel.Screen(_screens, panels, _codes.Pointer, _facts.Pointer, batch.Rows, some, batch.Bounds);
            work.Evaluated += (long)some * Math.Min(places, _table.K);
            for (int s = 0; s < some; s++)
                SettleMovers(batch, batch.Sorted[i + s], batch.Bounds + (s * places), places, work);
        }

        var moves = new Moves(work);
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            if (batch.Label[slot] == _labels.Pointer[row])
                continue;
            moves.Add(row, _labels.Pointer[row], batch.Label[slot]);
            _labels.Pointer[row] = batch.Label[slot];
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
            float norm = _norms.Pointer[row];
            if (!(Limit(norm, _table.Certificate) < float.PositiveInfinity))
                return _screens.Panels;
            _packer.Centre(_rows, row, _tileFrame, batch.Values);
            float score = _bounds.Score(batch.Values, _screens.Own(label), _screens.Half(label), _screens.Stride);
            work.Evaluated++;
            float upper = Upper(norm, score, Certificate.NormError(_rows.Columns));
            (batch.Own[slot], batch.Upper[slot]) = (score, upper);
            // Centres that stay have not come nearer, but the row's own may have gone.
            if (!(lower > upper) && _travel.Moved[label] != 0)
                return _screens.Panels;
        }

        // A bound that is not a number asks for all movers.
        float lead = SpentLead * (lower - batch.Upper[slot]);
        int panels = 0;
        while (panels * CodeTable.Panel < _screens.Movers && !(_screens.Moves[panels * CodeTable.Panel] < lead))
            panels++;
        return 4 * panels > 3 * _screens.Panels ? _screens.Panels : panels;
    }

    /// <summary>Screens at most 16 rows against all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenAll(Source source, ScreenBatch batch, int* which, int count, int* fresh, SliceWork work)
    {
        int places = _screens.Panels * CodeTable.Panel;
        int* padded = stackalloc int[CodeKernel.MostRows];
        for (int i = 0; i < count; i++)
        {
            padded[i] = which[i];
            source.Soon(which[i]);
        }

        _codeKernel.Screen(_screens, _screens.Panels, _codes.Pointer, _facts.Pointer, padded, count, batch.Bounds);
        work.Scored += count;
        for (int i = 0; i < count; i++)
            fresh[i] = SettleAll(batch, which[i], batch.Owns[i], batch.Bounds + (i * places), places, work);
    }
}
