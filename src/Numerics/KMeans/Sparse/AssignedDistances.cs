using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>Canonical distances of sparse rows to the centres that they are assigned to, the rows of one centre after those of another.</summary>
internal static class AssignedDistances
{
    /// <summary>Rows that one thread takes at a time.</summary>
    private const int Together = 2048;

    /// <summary>Finds D of each row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="centroids">k × d.</param>
    /// <param name="labels">Of each row; below 0: it is passed over.</param>
    /// <param name="squared">Out: D of each row that is not passed over.</param>
    /// <param name="work">Where it runs.</param>
    public static void Find(SparseBlock rows, ReadOnlyMemory<double> centroids, int[] labels, double[] squared, Work work)
    {
        int k = centroids.Length / rows.Columns;
        // Rows by their labels.
        var starts = new int[k + 1];
        foreach (int label in labels)
        {
            if (label >= 0)
                starts[label + 1]++;
        }

        for (int c = 0; c < k; c++)
            starts[c + 1] += starts[c];
        var sorted = new int[starts[k]];
        int[] next = [.. starts];
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] >= 0)
                sorted[next[labels[row]]++] = row;
        }

        var parts = new List<Part>();
        for (int c = 0; c < k; c++)
        {
            int centre = c, count = starts[c + 1] - starts[c], pieces = (count + Together - 1) / Together;
            var distance = new Shared(() => SparseDistance.To(centroids.Slice(centre * rows.Columns, rows.Columns), count), pieces);
            for (int piece = 0; piece < pieces; piece++)
                parts.Add(new Part(starts[c] + (piece * Together), Math.Min(starts[c + 1], starts[c] + ((piece + 1) * Together)), distance));
        }

        work.Parallel.For(parts.Count, index =>
        {
            work.Cancellation.ThrowIfCancellationRequested();
            Part part = parts[index];
            SparseDistance distance = part.Distance.Take();
            var values = new double[rows.LongestRow];
            for (int i = part.Begin; i < part.End; i++)
            {
                int row = sorted[i];
                ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
                rows.CopyValues(row, values);
                squared[row] = distance.Squared(columns, values.AsSpan(0, columns.Length));
            }

            part.Distance.GiveBack();
        });
    }

    private readonly record struct Part(int Begin, int End, Shared Distance);

    /// <summary>A centre's tables, which are there while some of its parts are under way.</summary>
    private sealed class Shared(Func<SparseDistance> make, int users)
    {
        private Lazy<SparseDistance>? _made = new(make);
        private int _users = users;

        public SparseDistance Take() => _made!.Value;

        public void GiveBack()
        {
            if (Interlocked.Decrement(ref _users) == 0)
                _made = null;
        }
    }
}
