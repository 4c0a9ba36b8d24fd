namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// What assigners of the shards of a training share on a silo: the tables of a step's centres, and scratch of the slices that run. It goes from shard to shard
/// with the steps that they compute. Thread-safe.
/// </summary>
internal sealed class AssignmentPool
{
    /// <summary>Tables that others may join: of the newest centres, come from the centres before or, for shards that lost their labels, from none.</summary>
    private const int MostOpen = 3;

    private readonly Lock _gate = new();
    private readonly List<CentreTables> _open = [];
    private readonly Stack<SliceWork> _works = new();

    /// <summary>Tables that nobody uses any more: those of the step before.</summary>
    private CentreTables? _spare;

    /// <summary>The tables of these centres, for one user more.</summary>
    /// <param name="centroids">k × d: known by the array, not by its values.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="from">The centres that they came from, known likewise; null: from none that is known.</param>
    /// <param name="earlier">The tables that the caller uses until now and will leave: when nobody else does, they are changed where they are.</param>
    public CentreTables Join(double[] centroids, int k, double[]? from, CentreTables? earlier = null)
    {
        lock (_gate)
        {
            CentreTables? tables = null;
            foreach (CentreTables open in _open)
            {
                if (ReferenceEquals(open.Centroids, centroids) && open.K == k && ReferenceEquals(open.From, from))
                    tables = open;
            }

            if (tables is null && from is not null && earlier is { Users: 1 } && ReferenceEquals(earlier.Centroids, from) && _open.Contains(earlier))
            {
                tables = earlier;
                tables.Begin(centroids, k, from);
            }

            if (tables is null)
            {
                (tables, _spare) = (_spare ?? new CentreTables(), null);
                tables.Begin(centroids, k, from);
                // Users that went without a word keep theirs, and nobody else does.
                if (_open.Count == MostOpen)
                    _open.RemoveAt(0);
                _open.Add(tables);
            }

            tables.Users++;
            return tables;
        }
    }

    /// <summary>One user less.</summary>
    public void Leave(CentreTables tables)
    {
        lock (_gate)
        {
            if (--tables.Users > 0)
                return;
            _open.Remove(tables);
            _spare = tables;
        }
    }

    /// <summary>Scratch, which nobody else has until it is given back.</summary>
    public SliceWork Take()
    {
        lock (_gate)
            return _works.TryPop(out SliceWork? work) ? work : new SliceWork();
    }

    public void GiveBack(SliceWork work)
    {
        lock (_gate)
            _works.Push(work);
    }
}
