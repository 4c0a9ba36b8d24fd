using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>For each component the panels in which a row has a share in it, in panel order, with those shares.</summary>
internal sealed unsafe class ShareLists
{
    private AlignedBuffer<double> _shares = new();
    private int[] _panels = [];
    private uint[] _masks = [];
    private int[] _nexts = [];
    private int[] _firsts = [];
    private int[] _lasts = [];

    /// <summary>Entries in use.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the lists of k components.</summary>
    public void Prepare(int k)
    {
        if (_firsts.Length < k)
            (_firsts, _lasts) = (new int[k], new int[k]);
        _firsts.AsSpan(0, k).Fill(-1);
        Count = 0;
    }

    /// <summary>The first entry of a component; −1 when there is none.</summary>
    public int First(int component) => _firsts[component];

    /// <summary>The entry after this one; −1 at the end.</summary>
    public int Next(int entry) => _nexts[entry];

    public int PanelOf(int entry) => _panels[entry];

    /// <summary>Bit i tells whether row i of the panel has a share above 0.</summary>
    public uint Mask(int entry) => _masks[entry];

    /// <summary>32 shares.</summary>
    public double* Shares(int entry) => _shares.Pointer + ((long)entry * ChunkScratch.Panel);

    /// <summary>Room for the shares of one more entry, which <see cref="Add"/> may then make one.</summary>
    public double* Room()
    {
        if (Count == _panels.Length)
            Grow();
        return Shares(Count);
    }

    /// <summary>Appends the shares in <see cref="Room"/> to a component's list.</summary>
    public void Add(int component, int panel, uint mask)
    {
        (_panels[Count], _masks[Count], _nexts[Count]) = (panel, mask, -1);
        if (_firsts[component] < 0)
            _firsts[component] = Count;
        else
            _nexts[_lasts[component]] = Count;
        _lasts[component] = Count++;
    }

    private void Grow()
    {
        int size = Math.Max(256, 2 * _panels.Length);
        var larger = new AlignedBuffer<double>();
        larger.Reserve(checked(size * ChunkScratch.Panel));
        _shares.Span[..(Count * ChunkScratch.Panel)].CopyTo(larger.Span);
        _shares = larger;
        Array.Resize(ref _panels, size);
        Array.Resize(ref _masks, size);
        Array.Resize(ref _nexts, size);
    }
}
