using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Centres rounded to seven bits, for screening: those that moved come first, the farthest mover before all others, so that the centres
/// that could have come near a row are the first few. See docs/numerics-certification.md.
/// </summary>
internal sealed unsafe class CodeTable
{
    /// <summary>Centres of a panel.</summary>
    public const int Panel = 32;

    /// <summary>Columns whose products are summed in 16 bits.</summary>
    public const int Block = Transpose.Block;

    /// <summary>More columns than this are not screened: a sum of products of seven bits must be a float32 number.</summary>
    public const int MostColumns = 4096;

    /// <summary>Numbers of a place: see <see cref="Facts"/>.</summary>
    public const int FactCount = 4;

    /// <summary>Score of a place without a centre: above any other.</summary>
    private const float FarAway = 1e38f;

    // By centre.
    private readonly AlignedBuffer<float> _own = new();
    private readonly AlignedBuffer<byte> _codes = new();
    private readonly AlignedBuffer<int> _offsets = new();
    private readonly AlignedBuffer<float> _halves = new();
    private readonly AlignedBuffer<float> _rounded = new();

    // By place.
    private readonly AlignedBuffer<int> _panels = new();
    private readonly AlignedBuffer<int> _starts = new();
    private readonly AlignedBuffer<float> _facts = new();
    private readonly AlignedBuffer<float> _moves = new();
    private readonly AlignedBuffer<int> _places = new();

    private int[] _order = [];
    private double[] _keys = [];

    /// <summary>Number of centres.</summary>
    public int K { get; private set; }

    /// <summary>Columns, rounded up to whole blocks.</summary>
    public int Stride { get; private set; }

    /// <summary>Panels of all centres.</summary>
    public int Panels { get; private set; }

    /// <summary>How many centres moved: they have the first places.</summary>
    public int Movers { get; private set; }

    /// <summary>Seven-bit codes: panels × columns / 4 × 32 × 4 bytes.</summary>
    public int* Codes => _panels.Pointer;

    /// <summary>What the sum of a block starts with, two 16-bit integers a centre, as the rows' codes are greater by 64: panels × blocks × 32.</summary>
    public int* Starts => _starts.Pointer;

    /// <summary>½|c̃|², the unit of the codes, a bound on |c̃| less its codes, one on |c̃|: panels × 4 × 32.</summary>
    public float* Facts => _facts.Pointer;

    /// <summary>How far the centre at each place moved, rounded up; zeros beyond the movers, one beyond the last place.</summary>
    public float* Moves => _moves.Pointer;

    /// <summary>The centre at each place.</summary>
    public int[] Members => _order;

    /// <summary>The place of each centre.</summary>
    public int* Places => _places.Pointer;

    /// <summary>−c̃ of a centre, zeros beyond the last column.</summary>
    public float* Own(int centre) => _own.Pointer + ((long)centre * Stride);

    /// <summary>½|c̃|² of a centre.</summary>
    public float Half(int centre) => _halves.Pointer[centre];

    /// <summary>Takes new centres.</summary>
    /// <param name="centroids">k × d, finite.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="frame">Origins and scale.</param>
    /// <param name="moved">How far each moved in the last step, zero for those that are the same; empty: nothing is known, and none is a mover.</param>
    /// <param name="kernel">Rounds centres as it rounds rows.</param>
    /// <param name="before">A table of the centres before that step, from which those that did not move are taken, perhaps this one; null: none is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<double> centroids, int k, TileFrame frame, ReadOnlySpan<double> moved, CodeKernel kernel, CodeTable? before = null)
    {
        int columns = centroids.Length / k;
        Reserve(k, Transpose.Stride(columns));
        if (before is not null && before != this)
            Copy(before);
        for (int c = 0; c < k; c++)
        {
            if (before is null || moved[c] != 0)
                SetCentre(c, centroids.Slice(c * columns, columns), frame, kernel);
        }

        Order(moved);
        for (int place = 0; place < Panels * Panel; place++)
            Put(place);
    }

    private void Reserve(int k, int stride)
    {
        (K, Stride, Panels) = (k, stride, (k + Panel - 1) / Panel);
        _own.Reserve(checked(k * stride));
        _codes.Reserve(checked(k * stride));
        _offsets.Reserve(k * (stride / Block));
        _halves.Reserve(k);
        _rounded.Reserve(k * CodeKernel.RowFacts);
        _panels.Reserve(checked(Panels * Panel * stride / sizeof(int)));
        _starts.Reserve(Panels * Panel * (stride / Block));
        _facts.Reserve(Panels * Panel * FactCount);
        _moves.Reserve((Panels * Panel) + 1);
        _places.Reserve(k);
        if (_order.Length < k)
            (_order, _keys) = (new int[k], new double[k]);
    }

    private void Copy(CodeTable before)
    {
        before._own.Span.CopyTo(_own.Span);
        before._codes.Span.CopyTo(_codes.Span);
        before._offsets.Span.CopyTo(_offsets.Span);
        before._halves.Span.CopyTo(_halves.Span);
        before._rounded.Span.CopyTo(_rounded.Span);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetCentre(int c, ReadOnlySpan<double> centre, TileFrame frame, CodeKernel kernel)
    {
        double factor = Math.ScaleB(1, frame.ScaleExponent);
        double[] origins = frame.Origins;
        float* values = Own(c);
        double norm = 0;
        for (int j = 0; j < centre.Length; j++)
        {
            float value = (float)((centre[j] - origins[j]) * factor);
            norm += (double)value * value;
            values[j] = -value;
        }

        new Span<float>(values + centre.Length, Stride - centre.Length).Clear();
        _halves.Pointer[c] = (float)(0.5 * norm);
        sbyte* code = (sbyte*)_codes.Pointer + ((long)c * Stride);
        // The codes are those of −c̃. A centre out of range leaves no row certain, whatever is stored of it.
        kernel.Encode(values, Stride, 0, float.PositiveInfinity, (byte*)code, _rounded.Pointer + (c * CodeKernel.RowFacts));
        for (int block = 0; block < Stride / Block; block++)
        {
            int low = 0, high = 0;
            for (int j = 0; j < Block; j += 4, code += 4)
            {
                low += code[0] + code[1];
                high += code[2] + code[3];
            }

            _offsets.Pointer[(c * (Stride / Block)) + block] = (-CodeKernel.Bias * low & 0xFFFF) | (-CodeKernel.Bias * high << 16);
        }
    }

    private void Order(ReadOnlySpan<double> moved)
    {
        Movers = 0;
        for (int c = 0; c < moved.Length; c++)
        {
            if (moved[c] == 0)
                continue;
            (_order[Movers], _keys[Movers]) = (c, -moved[c]);
            Movers++;
        }

        Array.Sort(_keys, _order, 0, Movers);
        _moves.Span.Clear();
        for (int place = 0; place < Movers; place++)
            Moves[place] = Travel.Up(-_keys[place]);
        int next = Movers;
        for (int c = 0; c < K; c++)
        {
            if (moved.IsEmpty || moved[c] == 0)
                _order[next++] = c;
        }

        for (int place = 0; place < K; place++)
            Places[_order[place]] = place;
    }

    /// <summary>Writes the centre of a place where the kernel reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Put(int place)
    {
        int words = Stride / sizeof(int), blocks = Stride / Block;
        int panel = place / Panel, lane = place % Panel;
        int* to = Codes + ((long)panel * words * Panel) + lane;
        int* start = Starts + (panel * blocks * Panel) + lane;
        float* fact = Facts + (panel * FactCount * Panel) + lane;
        if (place >= K)
        {
            for (int word = 0; word < words; word++)
                to[word * Panel] = 0;
            for (int block = 0; block < blocks; block++)
                start[block * Panel] = 0;
            (fact[0], fact[Panel], fact[2 * Panel], fact[3 * Panel]) = (FarAway, 0, 0, 0);
            return;
        }

        int centre = _order[place];
        int* from = (int*)_codes.Pointer + ((long)centre * words);
        for (int word = 0; word < words; word++)
            to[word * Panel] = from[word];
        for (int block = 0; block < blocks; block++)
            start[block * Panel] = _offsets.Pointer[(centre * blocks) + block];
        float* of = _rounded.Pointer + (centre * CodeKernel.RowFacts);
        (fact[0], fact[Panel], fact[2 * Panel], fact[3 * Panel]) = (_halves.Pointer[centre], of[0], of[2], of[3]);
    }
}
