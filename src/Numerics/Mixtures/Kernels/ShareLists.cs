using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>For each component the panels in which a row has a share in it, in panel order, with those shares.</summary>
internal sealed unsafe class ShareLists
{
    private AlignedBuffer<double> shares = new();
    private int[] panels = [];
    private uint[] masks = [];
    private int[] nexts = [];
    private int[] firsts = [];
    private int[] lasts = [];

    /// <summary>Entries in use.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the lists of k components.</summary>
    public void Prepare(int k)
    {
        if (firsts.Length < k)
            (firsts, lasts) = (new int[k], new int[k]);
        firsts.AsSpan(0, k).Fill(-1);
        Count = 0;
    }

    /// <summary>The first entry of a component; −1 when there is none.</summary>
    public int First(int component) => firsts[component];

    /// <summary>The entry after this one; −1 at the end.</summary>
    public int Next(int entry) => nexts[entry];

    public int PanelOf(int entry) => panels[entry];

    /// <summary>Bit i tells whether row i of the panel has a share above 0.</summary>
    public uint Mask(int entry) => masks[entry];

    /// <summary>32 shares.</summary>
    public double* Shares(int entry) => shares.Pointer + ((long)entry * ChunkScratch.Panel);

    /// <summary>Room for the shares of one more entry, which <see cref="Add"/> may then make one.</summary>
    public double* Room()
    {
        if (Count == panels.Length)
            Grow();
        return Shares(Count);
    }

    /// <summary>Appends the shares in <see cref="Room"/> to a component's list.</summary>
    public void Add(int component, int panel, uint mask)
    {
        (panels[Count], masks[Count], nexts[Count]) = (panel, mask, -1);
        if (firsts[component] < 0)
            firsts[component] = Count;
        else
            nexts[lasts[component]] = Count;
        lasts[component] = Count++;
    }

    private void Grow()
    {
        int size = Math.Max(256, 2 * panels.Length);
        var larger = new AlignedBuffer<double>();
        larger.Reserve(checked(size * ChunkScratch.Panel));
        shares.Span[..(Count * ChunkScratch.Panel)].CopyTo(larger.Span);
        shares = larger;
        Array.Resize(ref panels, size);
        Array.Resize(ref masks, size);
        Array.Resize(ref nexts, size);
    }
}
