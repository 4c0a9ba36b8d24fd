using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Rows that are screened together, each against as many panels of centres as it needs. A row is known by its slot.</summary>
internal sealed unsafe class ScreenBatch
{
    /// <summary>Most rows of a batch.</summary>
    public const int Room = 512;

    private readonly AlignedBuffer<float> _values = new();
    private readonly AlignedBuffer<float> _bounds = new();
    private readonly AlignedBuffer<float> _numbers = new();
    private readonly AlignedBuffer<int> _lists = new();
    private readonly AlignedBuffer<int> _found = new();
    private readonly AlignedBuffer<int> _starts = new();
    private readonly AlignedBuffer<float> _tile = new();

    /// <summary>A centred row.</summary>
    public float* Values => _values.Pointer;

    /// <summary>Bounds on the scores of the rows that are screened: 16 × panels × 32.</summary>
    public float* Bounds => _bounds.Pointer;

    /// <summary>At least the distance to the row's own centre: one a slot.</summary>
    public float* Upper => _numbers.Pointer;

    /// <summary>At most the distance of the step before to any other centre: one a slot.</summary>
    public float* Lower => _numbers.Pointer + Room;

    /// <summary>The score of the row's own centre, infinite where it was not computed: one a slot.</summary>
    public float* Own => _numbers.Pointer + (2 * Room);

    /// <summary>Scores of the own centres of the rows that are screened.</summary>
    public float* Owns => _numbers.Pointer + (3 * Room);

    /// <summary>The row in each slot.</summary>
    public int* Row => _lists.Pointer;

    /// <summary>Panels that a slot asks for.</summary>
    public int* Panels => _lists.Pointer + Room;

    /// <summary>The labels found.</summary>
    public int* Label => _lists.Pointer + (2 * Room);

    /// <summary>Slots by the number of their panels, the least first.</summary>
    public int* Sorted => _lists.Pointer + (3 * Room);

    /// <summary>Rows that are screened at a time.</summary>
    public int* Rows => _lists.Pointer + (4 * Room);

    /// <summary>Room for a <see cref="ScreenTile"/>.</summary>
    public float* Tile => _tile.Pointer;

    /// <summary>Room to list places.</summary>
    public int* Found => _found.Pointer;

    /// <summary>Makes room.</summary>
    public void Reserve(CodeTable table)
    {
        _values.Reserve(table.Stride);
        _bounds.Reserve(checked(CodeKernel.MostRows * table.Panels * CodeTable.Panel));
        _numbers.Reserve((3 * Room) + CodeKernel.MostRows);
        _lists.Reserve((4 * Room) + CodeKernel.MostRows);
        _found.Reserve(table.Panels * CodeTable.Panel);
        _starts.Reserve(table.Panels + 2);
        _tile.Reserve(ScreenTile.Room);
    }

    /// <summary>Sorts slots by their panels; returns how many ask for none.</summary>
    public int Sort(int count)
    {
        _starts.Span.Clear();
        int* start = _starts.Pointer;
        for (int slot = 0; slot < count; slot++)
            start[Panels[slot] + 1]++;
        for (int p = 1; p < _starts.Length; p++)
            start[p] += start[p - 1];
        int none = start[1];
        for (int slot = 0; slot < count; slot++)
            Sorted[start[Panels[slot]]++] = slot;
        return none;
    }
}
