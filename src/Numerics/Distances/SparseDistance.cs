namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// The canonical distance of sparse rows to one centre: the bits of <see cref="Distance"/> for the rows made dense, without a look at every column.
/// Thread-safe.
/// </summary>
internal abstract class SparseDistance
{
    /// <summary>A centre has so many columns for each value other than 0 when those are walked through.</summary>
    private const int FewValues = 8;

    /// <summary>Rows for which tables of a centre are worth making.</summary>
    private const int ManyRows = 32;

    /// <summary>D of a row.</summary>
    /// <param name="columns">Of the row's entries, ascending.</param>
    /// <param name="values">As many.</param>
    public abstract double Squared(ReadOnlySpan<uint> columns, ReadOnlySpan<double> values);

    /// <summary>The way that takes least for so many rows.</summary>
    /// <param name="centre">d values. Kept.</param>
    /// <param name="rows">About how many rows are asked for.</param>
    public static SparseDistance To(ReadOnlyMemory<double> centre, int rows)
    {
        int values = centre.Length - centre.Span.Count(0.0);
        return (long)values * FewValues <= centre.Length ? new MergedDistance(centre.Span, values)
            : rows < ManyRows ? new PlainDistance(centre)
            : new DistanceChain(centre);
    }
}

/// <summary>Of a centre that is sparse itself: where both are 0 nothing is added, so that only columns of either count.</summary>
internal sealed class MergedDistance : SparseDistance
{
    private readonly uint[] _columns;
    private readonly double[] _values;

    public MergedDistance(ReadOnlySpan<double> centre, int values)
    {
        (_columns, _values) = (new uint[values], new double[values]);
        int at = 0;
        for (int j = 0; j < centre.Length; j++)
        {
            if (centre[j] != 0)
                (_columns[at], _values[at++]) = ((uint)j, centre[j]);
        }
    }

    public override double Squared(ReadOnlySpan<uint> columns, ReadOnlySpan<double> values)
    {
        ReadOnlySpan<uint> own = _columns;
        ReadOnlySpan<double> centre = _values;
        double sum = 0;
        int i = 0, c = 0;
        while (i < columns.Length && c < own.Length)
        {
            uint column = columns[i], mine = own[c];
            double difference = column == mine ? values[i] - centre[c] : column < mine ? values[i] : centre[c];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
            i += column <= mine ? 1 : 0;
            c += mine <= column ? 1 : 0;
        }

        for (; i < columns.Length; i++)
            sum = Math.FusedMultiplyAdd(values[i], values[i], sum);
        for (; c < own.Length; c++)
            sum = Math.FusedMultiplyAdd(centre[c], centre[c], sum);
        return sum;
    }
}

/// <summary>Column by column, for a few rows.</summary>
internal sealed class PlainDistance(ReadOnlyMemory<double> centre) : SparseDistance
{
    public override double Squared(ReadOnlySpan<uint> columns, ReadOnlySpan<double> values)
    {
        ReadOnlySpan<double> c = centre.Span;
        double sum = 0;
        int at = 0;
        for (int i = 0; i < columns.Length; i++, at++)
        {
            sum = Add(c[at..(int)columns[i]], sum);
            at = (int)columns[i];
            double difference = values[i] - c[at];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }

        return Add(c[at..], sum);
    }

    /// <summary>Goes on over columns in which the row is 0.</summary>
    public static double Add(ReadOnlySpan<double> centre, double sum)
    {
        foreach (double value in centre)
            sum = Math.FusedMultiplyAdd(value, value, sum);
        return sum;
    }
}

/// <summary>
/// The canonical sum over many columns at once in which the row is 0. While a sum stays between two powers of two, adding c² to it rounds to multiples of one
/// unit, and so adds a whole number of units that does not depend on the sum; those are added up beforehand, for each power of two that sums come by.
/// Not so where c² is half way between two units, or is so large that the sum leaves its powers: there, and where the sum passes a power of two, it is one
/// step of the definition. The proof is in docs/numerics-certification.md.
/// </summary>
internal sealed class DistanceChain : SparseDistance
{
    /// <summary>Exponents as float64 stores them, below and above which the definition is followed: units would not be numbers.</summary>
    private const int LeastExponent = 64, GreatestExponent = 2000;

    /// <summary>Columns that are as soon added one by one.</summary>
    private const int FewColumns = 6;

    private readonly ReadOnlyMemory<double> _centre;

    /// <summary>The sum over the first columns, in which a row is 0.</summary>
    private readonly double[] _first;
    private readonly Binade?[] _binades = new Binade?[GreatestExponent];

    public DistanceChain(ReadOnlyMemory<double> centre)
    {
        _centre = centre;
        _first = new double[centre.Length + 1];
        ReadOnlySpan<double> c = centre.Span;
        for (int j = 0; j < c.Length; j++)
            _first[j + 1] = Math.FusedMultiplyAdd(c[j], c[j], _first[j]);
    }

    public override double Squared(ReadOnlySpan<uint> columns, ReadOnlySpan<double> values)
    {
        ReadOnlySpan<double> centre = _centre.Span;
        if (columns.IsEmpty)
            return _first[^1];
        int at = (int)columns[0];
        double sum = _first[at];
        for (int i = 0; i < columns.Length; i++, at++)
        {
            sum = Advance(centre, sum, at, (int)columns[i]);
            at = (int)columns[i];
            double difference = values[i] - centre[at];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }

        return Advance(centre, sum, at, centre.Length);
    }

    private double Advance(ReadOnlySpan<double> centre, double sum, int from, int to)
    {
        while (to - from > FewColumns)
        {
            long bits = BitConverter.DoubleToInt64Bits(sum);
            int exponent = (int)(bits >> 52);
            if (exponent is < LeastExponent or >= GreatestExponent)
            {
                // Nothing is added while the centre is 0, too.
                int next = centre[from..to].IndexOfAnyExcept(0.0);
                if (next < 0)
                    return sum;
                from += next;
                sum = Math.FusedMultiplyAdd(centre[from], centre[from], sum);
                from++;
                continue;
            }

            Binade units = Volatile.Read(ref _binades[exponent]) ?? Make(exponent);
            int stop = Math.Min(to, units.NextStep(from));
            long room = ((long)(exponent + 1) << 52) - bits;
            int end = units.Units[stop] - units.Units[from] < room ? stop : units.LastBelow(from, stop, room);
            sum = BitConverter.Int64BitsToDouble(bits + (units.Units[end] - units.Units[from]));
            from = end;
            if (from < to)
            {
                sum = Math.FusedMultiplyAdd(centre[from], centre[from], sum);
                from++;
            }
        }

        return PlainDistance.Add(centre[from..to], sum);
    }

    private Binade Make(int exponent)
    {
        var made = new Binade(_centre.Span, exponent);
        return Interlocked.CompareExchange(ref _binades[exponent], made, null) ?? made;
    }

    /// <summary>Units that columns add to a sum between 2^e and 2^(e + 1).</summary>
    private sealed class Binade
    {
        /// <summary>From here on sums begin anew, behind a column that is a step of its own.</summary>
        private const long MostUnits = 1L << 61;

        private readonly int[] _steps;

        /// <param name="centre">d values.</param>
        /// <param name="exponent">e, as float64 stores it.</param>
        public Binade(ReadOnlySpan<double> centre, int exponent)
        {
            long[] units = new long[centre.Length + 1];
            var steps = new List<int>();
            long evenBits = (long)exponent << 52, oddBits = evenBits + 1, next = (long)(exponent + 1) << 52;
            double even = BitConverter.Int64BitsToDouble(evenBits), odd = BitConverter.Int64BitsToDouble(oddBits);
            for (int j = 0; j < centre.Length; j++)
            {
                double c = centre[j];
                long sum = BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(c, c, even));
                long other = BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(c, c, odd));
                // Half way between two units the even sum rounds down and the odd one up.
                if (other >= next || sum - evenBits != other - oddBits)
                {
                    steps.Add(j);
                    units[j + 1] = units[j];
                }
                else if (units[j] > MostUnits)
                {
                    steps.Add(j);
                }
                else
                {
                    units[j + 1] = units[j] + (sum - evenBits);
                }
            }

            (Units, _steps) = (units, [.. steps]);
        }

        /// <summary>Units that the columns before each add, as far as there is no step between.</summary>
        public long[] Units { get; }

        /// <summary>The next column from one on that is a step of its own; beyond all columns where there is none.</summary>
        public int NextStep(int from)
        {
            if (_steps.Length == 0 || _steps[^1] < from)
                return int.MaxValue;
            int place = Array.BinarySearch(_steps, from);
            return _steps[place < 0 ? ~place : place];
        }

        /// <summary>The last column up to which less is added than a limit, which all of them reach.</summary>
        public int LastBelow(int from, int stop, long room)
        {
            int low = from, high = stop;
            while (high - low > 1)
            {
                int middle = (low + high) >>> 1;
                if (Units[middle] - Units[from] < room)
                    low = middle;
                else
                    high = middle;
            }

            return low;
        }
    }
}
