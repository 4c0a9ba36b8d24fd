using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>Makes profiles of the rows of a shard.</summary>
public static class Profiler
{
    /// <summary>Rows of a chunk, the unit of arithmetic: a power of two, as shards hold.</summary>
    internal const int ChunkRows = 4096;

    /// <summary>The profile of rows under a model, the same however many threads make it.</summary>
    public static RowProfile Profile(RowBlock rows, ProfileFrame frame, IProfiledModel model, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parallel);
        if (rows.Columns != frame.Columns)
            throw new InvalidDataException($"A profile of {frame.Columns} columns for rows of {rows.Columns}.");
        var clusters = new int[rows.Rows];
        double[][] scores = [.. Enumerable.Range(0, frame.Scores).Select(_ => new double[rows.Rows])];
        model.Tell(rows, clusters, scores, parallel);
        var chunks = new RowProfile[Math.Max(1, (rows.Rows + ChunkRows - 1) / ChunkRows)];
        int kept = CentreFits.Kept(model.Centres);
        parallel.For(chunks.Length, chunk =>
        {
            cancellation.ThrowIfCancellationRequested();
            var profile = new RowProfile(frame, kept);
            CentreFits? fits = model.Centres is { } centres ? new CentreFits(centres) : null;
            double[] row = new double[rows.Columns], places = new double[rows.Columns];
            Span<double> told = stackalloc double[frame.Scores];
            for (int i = chunk * ChunkRows; i < Math.Min(rows.Rows, (chunk + 1) * ChunkRows); i++)
            {
                rows.CopyRow(i, row);
                for (int score = 0; score < told.Length; score++)
                    told[score] = scores[score][i];
                profile.Take(frame, row, clusters[i], told, places);
                profile.Take(RowProfile.Losses, model.Loss(told));
                if (fits is null || clusters[i] < 0)
                    continue;
                if (kept > 0)
                    profile.Take(clusters[i], fits.Differences(row, clusters[i]));
                if (fits.Takes(i, rows.Rows))
                    profile.Take(RowProfile.Silhouettes, fits.Silhouette(row, clusters[i]));
            }

            chunks[chunk] = profile;
        });
        return Merge(chunks, 0, chunks.Length);
    }

    /// <summary>Along the fixed tree over chunks, as shards are merged over shards.</summary>
    internal static RowProfile Merge(RowProfile[] chunks, int start, int count)
    {
        if (count == 1)
            return chunks[start];
        int left = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count) / 2;
        RowProfile merged = Merge(chunks, start, left);
        merged.MergeFrom(Merge(chunks, start + left, count - left));
        return merged;
    }
}
