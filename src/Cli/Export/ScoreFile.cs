using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Export;

/// <summary>Scores on their way into a file, which appears whole or not at all.</summary>
internal abstract class ScoreFile : IDisposable
{
    /// <summary>Begins the file; its ending says how it is written.</summary>
    /// <param name="idColumn">Name of the rows' id column, or null: rows are numbered from 0.</param>
    /// <param name="top">Components told for each row.</param>
    /// <param name="names">The clusters' names: a column where there are any. An array has none.</param>
    /// <param name="kept">The columns of the rows that are written again; null: none.</param>
    /// <exception cref="CommandException">Two columns would be called the same.</exception>
    public static ScoreFile Create(string path, string? idColumn, int top, ClusterNames names, TableColumns? kept = null) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? new Npy(path) : new Table(path, idColumn, top, names, kept);

    public abstract void Add(RowBatch rows, ScoredRows scored);

    /// <summary>Makes the file appear.</summary>
    public abstract void Commit();

    public abstract void Dispose();

    private sealed class Npy(string path) : ScoreFile
    {
        // The header comes first and says how many there are, which a stream tells only at its end.
        private readonly List<double> _densities = [];

        public override void Add(RowBatch rows, ScoredRows scored) => _densities.AddRange(scored.LogDensities);

        public override void Commit()
        {
            using NpyWriter file = NpyWriter.Create<double>(path, _densities.Count);
            file.Write<double>(CollectionsMarshal.AsSpan(_densities));
            file.Commit();
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Table(string path, string? idColumn, int top, ClusterNames names, TableColumns? kept) : ScoreFile
    {
        private readonly ITableWriter _file = TableWriter.Create(path, TableColumns.Beside(kept,
            new OutputColumn(idColumn ?? "row", idColumn is null ? typeof(long) : typeof(string)),
        [
            new OutputColumn("cluster", typeof(int)),
            new OutputColumn("log_density", typeof(double)),
            new OutputColumn("score", typeof(double)),
            new OutputColumn("anomaly", typeof(int)),
            .. Enumerable.Range(1, top).SelectMany(place => new[]
            {
                new OutputColumn(string.Create(CultureInfo.InvariantCulture, $"component_{place}"), typeof(int)),
                new OutputColumn(string.Create(CultureInfo.InvariantCulture, $"responsibility_{place}"), typeof(double)),
            }),
            .. names.Any ? new[] { new OutputColumn("cluster_name", typeof(string)) } : [],
        ]));

        private long _row;

        public override void Add(RowBatch rows, ScoredRows scored)
        {
            int[] places = [.. Enumerable.Range(0, scored.Rows)];
            _file.Write(
            [
                AssignmentFile.Keys(idColumn, rows.Ids, _row, places.Length),
                .. kept is null ? [] : kept.Of(rows.ToBlock()),
                Array.ConvertAll(places, scored.Label),
                scored.LogDensities,
                Array.ConvertAll(places, scored.Score),
                Array.ConvertAll(places, row => scored.IsAnomaly(row) ? 1 : 0),
                .. Enumerable.Range(0, top).SelectMany(place => new Array[]
                {
                    Array.ConvertAll(places, row => scored.Components[(row * scored.Top) + place]),
                    Array.ConvertAll(places, row => scored.Responsibilities[(row * scored.Top) + place]),
                }),
                .. names.Any ? new Array[] { Array.ConvertAll(places, row => names.Of(scored.Label(row))) } : [],
            ]);
            _row += scored.Rows;
        }

        public override void Commit() => _file.Commit();

        public override void Dispose() => _file.Dispose();
    }
}
