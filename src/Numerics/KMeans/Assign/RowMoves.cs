namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Rows that change their cluster: which, from where, where to. Room for a batch.</summary>
internal unsafe ref struct RowMoves(SliceWork work)
{
    public int* Rows { get; } = work.Moves(3 * Labelling.BatchRows);

    public readonly int* From => Rows + Labelling.BatchRows;

    public readonly int* To => Rows + (2 * Labelling.BatchRows);

    public int Count { get; private set; }

    /// <summary>Adds those of rows that follow each other whose labels differ.</summary>
    public void Collect(int first, int count, int* from, int* to)
    {
        for (int i = 0; i < count; i++)
        {
            (Rows[Count], From[Count], To[Count]) = (first + i, from[i], to[i]);
            Count += from[i] != to[i] ? 1 : 0;
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(int row, int from, int to)
    {
        (Rows[Count], From[Count], To[Count]) = (row, from, to);
        Count++;
    }
}
