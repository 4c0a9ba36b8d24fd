using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Centres in groups of neighbours, each of which shares a bound. Members are chosen once, from the centres bounds begin with, and stay;
/// any choice gives the same labels. A group fills whole panels of 16 centres, with the centres in lanes.
/// </summary>
internal sealed unsafe class CentroidGroups
{
    /// <summary>Centres of a panel.</summary>
    public const int Panel = 16;

    /// <summary>Score of a place without a centre: above any other.</summary>
    private const float FarAway = 1e38f;

    private readonly AlignedBuffer<float> _scores = new();
    private readonly AlignedBuffer<float> _halves = new();
    private readonly AlignedBuffer<float> _own = new();
    private readonly AlignedBuffer<int> _members = new();
    private readonly AlignedBuffer<int> _places = new();
    private int[] _order = [];
    private double[] _ordered = [];
    private double[] _keys = [];
    private double[] _direction = [];

    /// <summary>Whether positions were taken since the groups were formed.</summary>
    private bool _positioned;

    public int Columns { get; private set; }

    /// <summary>Columns of a row as the kernel reads it, zeros beyond the last.</summary>
    public int Stride { get; private set; }

    public int Groups { get; private set; }

    /// <summary>Panels of a group; the last group may have fewer.</summary>
    public int GroupPanels { get; private set; }

    private int Panels { get; set; }

    /// <summary>The centres in the order of their places, for scoring them all: whole panels of the tile kernel fall to each group.</summary>
    public CentroidTable Table { get; } = new();

    /// <summary>Panels of <see cref="Table"/> that fall to a whole group.</summary>
    public int GroupTablePanels => GroupSize / CentroidTable.Panel;

    /// <summary>Places of a group.</summary>
    public int GroupSize => GroupPanels * Panel;

    /// <summary>−c̃: panels × columns × 16.</summary>
    public float* Scores => _scores.Pointer;

    /// <summary>½|c̃|²: panels × 16.</summary>
    public float* Halves => _halves.Pointer;

    /// <summary>−c̃ of each place: places × stride.</summary>
    public float* Own => _own.Pointer;

    /// <summary>The centre at each place; −1 where there is none.</summary>
    public int* Members => _members.Pointer;

    /// <summary>The place of each centre.</summary>
    public int* Places => _places.Pointer;

    /// <summary>Panels of one group.</summary>
    public int PanelsOf(int group) => Math.Min(GroupPanels, Panels - (group * GroupPanels));

    /// <summary>Chooses the groups: halves of halves, cut across the line between two centres far apart.</summary>
    /// <param name="centroids">k × d, finite.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="columns">d.</param>
    /// <param name="groupPanels">Panels of a group.</param>
    public void Form(double[] centroids, int k, int columns, int groupPanels)
    {
        (Columns, Stride, GroupPanels) = (columns, Transpose.Stride(columns), groupPanels);
        Panels = (k + Panel - 1) / Panel;
        Groups = (Panels + groupPanels - 1) / groupPanels;
        _positioned = false;
        _members.Reserve(Panels * Panel);
        _places.Reserve(k);
        _scores.Reserve(checked(Panels * Panel * columns));
        _halves.Reserve(Panels * Panel);
        _own.Reserve(checked(Panels * Panel * Stride));
        if (_order.Length < k)
            (_order, _keys) = (new int[k], new double[k]);
        if (_direction.Length < columns)
            _direction = new double[columns];
        for (int c = 0; c < k; c++)
            _order[c] = c;
        Split(centroids, 0, k);
        _members.Span.Fill(-1);
        for (int place = 0; place < k; place++)
        {
            Members[place] = _order[place];
            Places[_order[place]] = place;
        }
    }

    /// <summary>Takes new positions of the same centres.</summary>
    /// <param name="centroids">k × d.</param>
    /// <param name="origins">What is subtracted from each column.</param>
    /// <param name="scaleExponent">Centred coordinates are multiplied by 2 to this power.</param>
    /// <param name="moved">How far each centre moved since the positions taken before: one that did not is passed over.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<double> centroids, ReadOnlySpan<double> origins, int scaleExponent, ReadOnlySpan<double> moved)
    {
        double factor = Math.ScaleB(1, scaleExponent);
        if (!_positioned)
            _own.Span.Clear();
        for (int place = 0; place < Panels * Panel; place++)
        {
            if (_positioned && (Members[place] < 0 || moved[Members[place]] == 0))
                continue;
            float* score = Scores + ((long)(place / Panel) * Panel * Columns) + (place % Panel);
            int centre = Members[place];
            double norm = 0;
            for (int j = 0; j < Columns; j++)
            {
                float value = centre < 0 ? 0 : (float)((centroids[(centre * Columns) + j] - origins[j]) * factor);
                norm += (double)value * value;
                score[j * Panel] = -value;
                Own[((long)place * Stride) + j] = -value;
            }

            Halves[place] = centre < 0 ? FarAway : (float)(0.5 * norm);
        }

        _positioned = true;
    }

    /// <summary>Takes the positions into <see cref="Table"/>.</summary>
    public void SetTable(ReadOnlySpan<double> centroids, ReadOnlySpan<double> origins, int scaleExponent)
    {
        if (_ordered.Length != centroids.Length)
            _ordered = new double[centroids.Length];
        int k = centroids.Length / Columns;
        for (int place = 0; place < k; place++)
            centroids.Slice(Members[place] * Columns, Columns).CopyTo(_ordered.AsSpan(place * Columns));
        Table.Set(_ordered, k, origins, scaleExponent);
    }

    /// <summary>Orders places [from, to) so that panels, and groups of them, hold neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(double[] centroids, int from, int to)
    {
        if (to - from <= Panel)
            return;
        int first = Farthest(centroids, _order[from], from, to);
        int second = Farthest(centroids, first, from, to);
        for (int j = 0; j < Columns; j++)
            _direction[j] = centroids[(second * Columns) + j] - centroids[(first * Columns) + j];
        for (int i = from; i < to; i++)
        {
            double along = 0;
            for (int j = 0; j < Columns; j++)
                along += centroids[(_order[i] * Columns) + j] * _direction[j];
            _keys[i] = along;
        }

        Array.Sort(_keys, _order, from, to - from);
        int unit = to - from > GroupSize ? GroupSize : Panel;
        int middle = from + ((to - from + (2 * unit) - 1) / (2 * unit) * unit);
        Split(centroids, from, middle);
        Split(centroids, middle, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Farthest(double[] centroids, int from, int first, int end)
    {
        int farthest = _order[first];
        double greatest = -1;
        for (int i = first; i < end; i++)
        {
            double squared = 0;
            for (int j = 0; j < Columns; j++)
            {
                double difference = centroids[(_order[i] * Columns) + j] - centroids[(from * Columns) + j];
                squared += difference * difference;
            }

            if (squared > greatest)
                (greatest, farthest) = (squared, _order[i]);
        }

        return farthest;
    }
}
