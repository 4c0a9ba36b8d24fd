namespace OrleansCluster.Numerics.Matchings;

/// <summary>Margins: how much dearer the best matching without a pair is.</summary>
public sealed partial class LimitedMatching
{
    /// <summary>
    /// By how much the least sum of (cost − limit) rises when this row's pair is forbidden: the margin to the best other matching. 0 … limit.
    /// Not for use by several threads at once.
    /// </summary>
    /// <remarks>
    /// The shortest alternating path from the row back to its column, in reduced costs. A path may end at any free column or at a row's
    /// staying alone, and then go on from any column (giving it up costs −vⱼ) or from any row that stays alone.
    /// Lists ascend by cost and no column's price is above 0, so a list is left where it passes the best way back so far.
    /// </remarks>
    /// <exception cref="ArgumentException">The row stays alone.</exception>
    public double Margin(int row)
    {
        RequireMatched(row);
        int target = _columnOfRow[row];
        _path.Clear();
        Return back = new() { End = double.PositiveInfinity, Best = _limit - _matchedCost[row] };
        bool wentOn = false;
        ScanForReturn(row, 0, target, ref back);
        while (true)
        {
            bool any = _path.TryPop(out double at, out int code);
            if (!wentOn && back.End < back.Best && (!any || back.End <= at))
            {
                wentOn = true;
                if (any)
                    _path.Push(at, code);
                GoOn(back.End, target, ref back);
                continue;
            }

            if (!any || at >= back.Best)
                return back.Best;
            if (code >= _columns)
            {
                _lists.Complete(code - _columns);
                ScanForReturn(code - _columns, _path.RowDistance(code - _columns), target, ref back);
            }
            else if (_path.Settle(code, at))
            {
                ScanForReturn(_rowOfColumn[code], at, target, ref back);
            }
        }
    }

    /// <summary>From a free column or a row left alone, at distance <paramref name="at"/>, to what others hold.</summary>
    private void GoOn(double at, int target, ref Return back)
    {
        for (int j = 0; j < _columns; j++)
        {
            double offered = at - _columnPrices[j];
            if (offered < back.Best && _rowOfColumn[j] >= 0)
                _path.Offer(j, offered, -1);
        }

        for (int i = 0; i < _columnOfRow.Length; i++)
        {
            if (_columnOfRow[i] < 0)
                ScanForReturn(i, at, target, ref back);
        }
    }

    private void ScanForReturn(int row, double at, int target, ref Return back)
    {
        double price = _rowPrices[row];
        double end = at + Math.Max(0, _limit - price);
        bool own = _columnOfRow[row] == target;
        ReadOnlySpan<int> listed = _lists.Columns(row);
        ReadOnlySpan<double> values = _lists.Values(row);
        for (int k = 0; k < listed.Length && at + (values[k] - price) < back.Best; k++)
        {
            int j = listed[k];
            double offered = at + Math.Max(0, values[k] - price - _columnPrices[j]);
            if (offered >= back.Best || (own && j == target))
                continue;
            if (j == target)
                back.Best = offered;
            else if (_rowOfColumn[j] < 0)
                end = Math.Min(end, offered);
            else
                _path.Offer(j, offered, row);
        }

        back.End = Math.Min(back.End, end);
        back.Best = Math.Min(back.Best, end - _columnPrices[target]);
        PushBound(row, at, back.Best);
    }

    /// <summary>What a search for the way back to a column has found.</summary>
    private struct Return
    {
        /// <summary>Distance of the nearest free column or row that may stay alone.</summary>
        public double End;

        /// <summary>Length of the shortest way back so far.</summary>
        public double Best;
    }
}
