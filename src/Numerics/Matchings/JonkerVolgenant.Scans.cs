using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Matchings;

/// <summary>The two scans of a row of costs, in vectors of four and in plain loops: the same bits.</summary>
internal sealed partial class JonkerVolgenant
{
    /// <summary>A row's best and second best column by cost − price; of equal ones the lower index is the better. −1: none is allowed.</summary>
    private void TwoBest(ReadOnlySpan<double> row, out double best, out int bestAt, out double second, out int secondAt)
    {
        (best, bestAt, second, secondAt) = (double.PositiveInfinity, -1, double.PositiveInfinity, -1);
        Scans++;
        int j = 0;
        if (!Scalar && Vector256.IsHardwareAccelerated && _columns >= 8)
        {
            // Each lane has its two best; of equal ones the first stays, which is the lower index.
            ref double costs = ref MemoryMarshal.GetReference(row);
            ref double prices = ref MemoryMarshal.GetArrayDataReference(ColumnPrices);
            Vector512<double> least = Vector512.Create(double.PositiveInfinity), leastAt = Vector512.Create(-1.0), next = least, nextAt = leastAt;
            Vector512<double> index = Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7), step = Vector512.Create(8.0);
            for (; j <= _columns - 8; j += 8)
            {
                Vector512<double> reduced = Vector512.LoadUnsafe(ref costs, (nuint)j) - Vector512.LoadUnsafe(ref prices, (nuint)j);
                Vector512<double> better = Vector512.LessThan(reduced, least), good = Vector512.LessThan(reduced, next);
                next = Vector512.ConditionalSelect(better, least, Vector512.ConditionalSelect(good, reduced, next));
                nextAt = Vector512.ConditionalSelect(better, leastAt, Vector512.ConditionalSelect(good, index, nextAt));
                least = Vector512.ConditionalSelect(better, reduced, least);
                leastAt = Vector512.ConditionalSelect(better, index, leastAt);
                index += step;
            }

            for (int lane = 0; lane < 8; lane++)
            {
                Insert(least[lane], (int)leastAt[lane], ref best, ref bestAt, ref second, ref secondAt);
                Insert(next[lane], (int)nextAt[lane], ref best, ref bestAt, ref second, ref secondAt);
            }
        }

        for (; j < _columns; j++)
            Insert(row[j] - ColumnPrices[j], j, ref best, ref bestAt, ref second, ref secondAt);
    }

    /// <summary>Keeps a column when it is one of the two best: the lesser, of equal ones the one of lower index. −1 with +∞ is no column.</summary>
    private static void Insert(double value, int at, ref double best, ref int bestAt, ref double second, ref int secondAt)
    {
        if (value < best || (value == best && at < bestAt))
            (second, secondAt, best, bestAt) = (best, bestAt, value, at);
        else if (value < second || (value == second && at < secondAt))
            (second, secondAt) = (value, at);
    }

    /// <summary>
    /// Offers row <paramref name="i"/>'s way to every column not yet scanned; finds the nearest of them, and the nearest of those that are free.
    /// </summary>
    private void Relax(ReadOnlySpan<double> row, double offset, int i, out double nearest, out int nearestAt, out double free, out int freeAt)
    {
        (nearest, nearestAt, free, freeAt) = (double.PositiveInfinity, -1, double.PositiveInfinity, -1);
        int j = 0;
        if (!Scalar && Vector256.IsHardwareAccelerated && _columns >= 4)
        {
            ref double costs = ref MemoryMarshal.GetReference(row);
            ref double prices = ref MemoryMarshal.GetArrayDataReference(ColumnPrices);
            ref double distances = ref MemoryMarshal.GetArrayDataReference(_distance);
            ref double froms = ref MemoryMarshal.GetArrayDataReference(_from);
            ref double opens = ref MemoryMarshal.GetArrayDataReference(_open);
            Vector256<double> shift = Vector256.Create(offset);
            Vector256<double> self = Vector256.Create((double)i);
            Vector256<double> least = Vector256.Create(double.PositiveInfinity);
            Vector256<double> leastAt = Vector256.Create(-1.0);
            Vector256<double> leastFree = least;
            Vector256<double> leastFreeAt = leastAt;
            Vector256<double> index = Vector256.Create(0.0, 1, 2, 3);
            Vector256<double> step = Vector256.Create(4.0);
            for (; j <= _columns - 4; j += 4)
            {
                Vector256<double> offered = Vector256.LoadUnsafe(ref costs, (nuint)j) - Vector256.LoadUnsafe(ref prices, (nuint)j) - shift;
                Vector256<double> known = Vector256.LoadUnsafe(ref distances, (nuint)j);
                Vector256<double> shorter = Vector256.LessThan(offered, known);
                if (Vector256.LessThanAny(offered, known))
                {
                    known = Vector256.ConditionalSelect(shorter, offered, known);
                    known.StoreUnsafe(ref distances, (nuint)j);
                    Vector256.ConditionalSelect(shorter, self, Vector256.LoadUnsafe(ref froms, (nuint)j)).StoreUnsafe(ref froms, (nuint)j);
                }

                Vector256<double> nearer = Vector256.LessThan(known, least);
                least = Vector256.ConditionalSelect(nearer, known, least);
                leastAt = Vector256.ConditionalSelect(nearer, index, leastAt);
                Vector256<double> ended = known + Vector256.LoadUnsafe(ref opens, (nuint)j);
                Vector256<double> nearerEnd = Vector256.LessThan(ended, leastFree);
                leastFree = Vector256.ConditionalSelect(nearerEnd, ended, leastFree);
                leastFreeAt = Vector256.ConditionalSelect(nearerEnd, index, leastFreeAt);
                index += step;
            }

            Lowest(least, leastAt, out nearest, out nearestAt);
            Lowest(leastFree, leastFreeAt, out free, out freeAt);
        }

        for (; j < _columns; j++)
        {
            double offered = row[j] - ColumnPrices[j] - offset;
            if (offered < _distance[j])
                (_distance[j], _from[j]) = (offered, i);
            if (_distance[j] < nearest)
                (nearest, nearestAt) = (_distance[j], j);
            if (_rowOfColumn[j] < 0 && _distance[j] < free)
                (free, freeAt) = (_distance[j], j);
        }
    }

    /// <summary>The least lane, and of equal lanes the lowest index.</summary>
    private static void Lowest(Vector256<double> values, Vector256<double> indexes, out double value, out int index)
    {
        (value, index) = (values[0], (int)indexes[0]);
        for (int lane = 1; lane < 4; lane++)
        {
            int at = (int)indexes[lane];
            if (at >= 0 && (values[lane] < value || (values[lane] == value && at < index) || index < 0))
                (value, index) = (values[lane], at);
        }
    }
}
