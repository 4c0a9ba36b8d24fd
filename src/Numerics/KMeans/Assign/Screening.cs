using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// For many centres of many columns: rows and centres rounded to seven bits say which centres cannot be nearest, four times
/// as fast as float32 scores would, and the few that are left are scored. From step to step a row keeps a lower bound on its distance to
/// all centres but its own. A centre that has not moved cannot have come nearer than the row's own that has not moved either, so that only
/// the movers count, and of them those that moved far enough to make up for the bound: the first few of a table sorted by that.
/// </summary>
/// <remarks>
/// In place of Elkan, "Using the triangle inequality to accelerate k-means", 2003, who keeps a bound on each row's distance to each centre: k numbers a row,
/// which are read in every step. Here a bound on every score is computed anew from codes, which is cheaper than reading one that was kept.
/// </remarks>
internal sealed unsafe class Screening : IAcceleration
{
    private const int TileRows = NearestKernel.TileRows;

    /// <summary>Rows of a slice of which many may be passed over.</summary>
    private const int PrunedSliceRows = 1024;

    /// <summary>More codes than this (1 GiB) are not kept.</summary>
    private const int MostCodes = 1 << 30;

    /// <summary>The share of a row's lead that movers it is not screened against may use up.</summary>
    private const float SpentLead = 0.25f;

    /// <summary>Fewer rows of a tile than this are looked at one by one.</summary>
    private const int FewSpent = 8;

    private readonly Labelling _on;
    private readonly RowBlock _rows;
    private readonly AlignedBuffer<int> _labels;
    private readonly Travel _travel;
    private readonly ScreenedRows _screened;
    private readonly CodeKernel _kernel;
    private readonly LeadKernel _leads;
    private readonly ScreenSettling _settling;

    /// <summary>The centres.</summary>
    private CodeTable _screens;
    private bool _prune;

    /// <summary>Whether the codes of all rows are known: they do not depend on centres.</summary>
    private bool _coded;

    public Screening(Labelling on)
    {
        (_on, _rows, _labels, _travel) = (on, on.Rows, on.Labels, on.Travel);
        _screened = new ScreenedRows(on);
        _kernel = _screened.Kernel;
        _screens = _screened.Table;
        _leads = LeadKernel.For(on.Width);
        _settling = new ScreenSettling(on, _screened);
    }

    /// <summary>Whether screening so many centres pays, and the codes have room.</summary>
    public bool Pays(int k) => BoundChoice.ScreeningPays(k, _rows.Columns) && (long)_labels.Length * Transpose.Stride(_rows.Columns) <= MostCodes;

    public int Prepare(CentreTables centres, CentreTables? earlier, bool hold)
    {
        _prune = hold;
        if (!hold)
            _travel.Reset(centres.K);
        _screened.Table = _screens = centres.Codes(_on.Frame, earlier, _kernel);
        _screened.Reserve(_labels.Length);
        return hold ? PrunedSliceRows : 0;
    }

    public void Slice(RowSource source, int begin, int end, SliceWork work)
    {
        if (_prune)
            Prune(source, begin, end, work);
        else
            Begin(source, begin, end, work);
    }

    public void Complete() => _coded = true;

    /// <summary>Screens every row of a slice against all centres: bounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(RowSource source, int begin, int end, SliceWork work)
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
                    _screened.Encode(first + slot, batch.Values);
            }

            new Span<float>(batch.Owns, CodeKernel.MostRows).Fill(float.PositiveInfinity);
            for (int slot = 0; slot < count; slot += CodeKernel.MostRows)
                ScreenAll(source, batch, batch.Row + slot, Math.Min(CodeKernel.MostRows, count - slot), batch.Label + slot, work);
            _on.Sums.Record(source, first, count, batch.Label, work);
        }
    }

    /// <summary>Screens the rows of a slice whose slack is spent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prune(RowSource source, int begin, int end, SliceWork work)
    {
        (Labelling on, ScreenedRows kept) = (_on, _screened);
        ScreenBatch batch = work.Screens;
        batch.Reserve(_screens);
        int many = 0;
        for (int first = begin; first < end; first += TileRows)
        {
            uint spent = on.SpentRows(first, end);
            if (BitOperations.PopCount(spent) >= FewSpent)
                spent = PassOver(batch, first, spent, work);
            for (; spent != 0; spent &= spent - 1)
            {
                int row = first + BitOperations.TrailingZeroCount(spent);
                batch.Row[many++] = row;
                kept.Soon(row);
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
        ScreenedRows kept = _screened;
        var tile = new ScreenTile(
            _labels.Pointer + first, _on.Slack.Pointer + first, kept.Lower.Pointer + first, kept.Upper.Pointer + first, kept.Norms.Pointer + first,
            batch.Tile);
        uint none = _leads.Leads(tile, _travel, SpentLead, _screens.Moves[0], _screens.Moves[Math.Min(Panel, _screens.Movers)], out uint one);
        (none, one) = (none & spent, one & spent);
        int* some = batch.Rows;
        for (uint left = one; left != 0;)
        {
            int count = 0;
            for (; left != 0 && count < CodeKernel.MostRows; left &= left - 1)
            {
                int row = first + BitOperations.TrailingZeroCount(left);
                some[count++] = row;
                kept.Soon(Math.Min(row + TileRows, _rows.Rows - 1));
            }

            _kernel.Screen(_screens, 1, kept.Codes.Pointer, kept.Facts.Pointer, some, count, batch.Bounds);
            work.Evaluated += (long)count * Math.Min(Panel, _on.Table.K);
            for (int s = 0; s < count; s++)
            {
                float* screened = batch.Bounds + (s * Panel);
                int own = _screens.Places[_labels.Pointer[some[s]]];
                if (own < Panel)
                    screened[own] = float.PositiveInfinity;
                tile.Least[some[s] - first] = _kernel.Least(screened, Panel);
            }
        }

        uint doubtful = _leads.Renew(tile, none | one, _travel, _on.Table.Certificate, Certificate.NormError(_rows.Columns));
        return spent & ~(none | one) | doubtful;
    }

    /// <summary>Screens a batch of rows against the movers that could have become the nearest of each, or against all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenMovers(RowSource source, ScreenBatch batch, int count, SliceWork work)
    {
        ScreenedRows kept = _screened;
        for (int slot = 0; slot < count; slot++)
        {
            int row = batch.Row[slot];
            int label = _labels.Pointer[row];
            batch.Label[slot] = label;
            batch.Lower[slot] = kept.Lower.Pointer[row] - _travel.OthersBefore[label];
            batch.Upper[slot] = kept.Upper.Pointer[row] + _travel.Own[label];
            if (!(batch.Lower[slot] > batch.Upper[slot]))
                source.Soon(row);
        }

        for (int slot = 0; slot < count; slot++)
            batch.Panels[slot] = PanelsFor(batch, slot, work);
        int none = batch.Sort(count);
        for (int i = 0; i < none; i++)
            _settling.Keep(batch, batch.Sorted[i], _screens.Moves[0], float.PositiveInfinity);
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
            _kernel.Screen(_screens, panels, _screened.Codes.Pointer, _screened.Facts.Pointer, batch.Rows, some, batch.Bounds);
            work.Evaluated += (long)some * Math.Min(places, _on.Table.K);
            for (int s = 0; s < some; s++)
                _settling.Movers(batch, batch.Sorted[i + s], batch.Bounds + (s * places), places, work);
        }

        _on.Sums.Relabel(source, batch.Row, batch.Label, count, work);
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
            float norm = _screened.Norms.Pointer[row];
            if (!(Margins.Limit(norm, _on.Table.Certificate) < float.PositiveInfinity))
                return _screens.Panels;
            _on.Packer.Centre(_rows, row, _on.Frame, batch.Values);
            float score = _on.Bounds.Score(batch.Values, _screens.Own(label), _screens.Half(label), _screens.Stride);
            work.Evaluated++;
            float upper = Margins.Upper(norm, score, Certificate.NormError(_rows.Columns), _on.Table.Certificate);
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
    private void ScreenAll(RowSource source, ScreenBatch batch, int* which, int count, int* fresh, SliceWork work)
    {
        int places = _screens.Panels * CodeTable.Panel;
        int* padded = stackalloc int[CodeKernel.MostRows];
        for (int i = 0; i < count; i++)
        {
            padded[i] = which[i];
            source.Soon(which[i]);
        }

        _kernel.Screen(_screens, _screens.Panels, _screened.Codes.Pointer, _screened.Facts.Pointer, padded, count, batch.Bounds);
        work.Scored += count;
        for (int i = 0; i < count; i++)
            fresh[i] = _settling.All(batch, which[i], batch.Owns[i], batch.Bounds + (i * places), places, work);
    }
}
