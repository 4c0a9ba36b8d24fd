using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Rows that are scored together against those groups of centres that each of them asks for. A row is known by its slot.</summary>
internal sealed unsafe class GroupBatch
{
    /// <summary>Most rows of a batch.</summary>
    private const int MostRows = 512;

    private readonly AlignedBuffer<float> _rows = new();
    private readonly AlignedBuffer<float> _minima = new();
    private readonly AlignedBuffer<float> _scores = new();
    private readonly AlignedBuffer<int> _numbers = new();
    private readonly AlignedBuffer<int> _lists = new();

    /// <summary>How many slots there are, for rows of a stride: as many as leave room in the second-level cache.</summary>
    public static int RoomFor(int stride) => Math.Clamp((1 << 15) / stride, 32, MostRows);

    /// <summary>Slots there is room for.</summary>
    public int Room { get; private set; }

    /// <summary>Groups, rounded up to whole vectors.</summary>
    public int GroupStride { get; private set; }

    /// <summary>Centred rows: slots × the stride of <see cref="CentroidGroups"/>.</summary>
    public float* Rows => _rows.Pointer;

    /// <summary>The least score of each group but that of the row's own centre; infinite where none was computed: slots × group stride.</summary>
    public float* Minima => _minima.Pointer;

    /// <summary>The least score of each slot.</summary>
    public float* Best => _scores.Pointer;

    /// <summary>The second least score of each slot.</summary>
    public float* RunnerUp => _scores.Pointer + MostRows;

    /// <summary>The score of each row's own centre, infinite when it has none.</summary>
    public float* OwnScore => _scores.Pointer + (2 * MostRows);

    /// <summary>The place of <see cref="Best"/>.</summary>
    public int* BestPlace => _numbers.Pointer;

    /// <summary>The place of each row's own centre; −1: none.</summary>
    public int* OwnPlace => _numbers.Pointer + MostRows;

    /// <summary>The row in each slot.</summary>
    public int* Row => _numbers.Pointer + (2 * MostRows);

    /// <summary>The labels found.</summary>
    public int* Label => _numbers.Pointer + (3 * MostRows);

    /// <summary>Room to list groups.</summary>
    public int* Asked => _numbers.Pointer + (4 * MostRows);

    /// <summary>How many slots ask for each group.</summary>
    public int* Counts => Asked + GroupStride;

    /// <summary>The slots that ask for a group.</summary>
    public int* List(int group) => _lists.Pointer + ((long)group * Room);

    /// <summary>Makes room.</summary>
    public void Reserve(CentroidGroups groups)
    {
        Room = RoomFor(groups.Stride);
        GroupStride = Transpose.Stride(groups.Groups);
        _rows.Reserve(Room * groups.Stride);
        _minima.Reserve(Room * GroupStride);
        _scores.Reserve(3 * MostRows);
        _numbers.Reserve((4 * MostRows) + (2 * GroupStride));
        _lists.Reserve(Room * groups.Groups);
    }

    /// <summary>Begins a batch of so many slots that ask for nothing yet.</summary>
    public void Begin(int count)
    {
        new Span<float>(Minima, count * GroupStride).Fill(float.PositiveInfinity);
        new Span<int>(Counts, GroupStride).Clear();
    }

    /// <summary>A slot asks for a group.</summary>
    public void Ask(int slot, int group) => List(group)[Counts[group]++] = slot;
}
