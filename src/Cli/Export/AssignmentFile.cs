using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Export;

/// <summary>Answers on their way into a file, which appears whole or not at all.</summary>
internal abstract class AssignmentFile : IDisposable
{
    /// <summary>Whether the file's ending says how to write it.</summary>
    public static bool IsSupported(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) || TableWriter.IsSupported(path);

    /// <summary>Why a file's ending is not supported.</summary>
    public static CommandException Refusal(string path) => CommandException.Usage($"--out {path} ends in none of .npy, {TableWriter.Endings}.");

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="idColumn">Name of the rows' id column, or null: rows are numbered from 0.</param>
    /// <param name="routed">Whether a route answers, so that each row's version is told: in a column, or in an array beside (<see cref="VersionsOf"/>).</param>
    /// <param name="names">The clusters' names: a column where there are any. An array has none.</param>
    /// <param name="kept">The columns of the rows that are written again; null: none.</param>
    /// <exception cref="CommandException">Two columns would be called the same.</exception>
    public static AssignmentFile Create(string path, string? idColumn, bool routed, ClusterNames names, TableColumns? kept = null) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? new Npy(path, routed) : new Table(path, idColumn, routed, names, kept);

    /// <summary>The array of versions beside an array of labels: <c>labels.versions.npy</c> beside <c>labels.npy</c>.</summary>
    public static string VersionsOf(string path) => Path.ChangeExtension(path, ".versions.npy");

    /// <summary>Adds the answers to some rows.</summary>
    public void Add(RowBatch rows, Assignments answer)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Add(rows.Ids, rows, answer);
    }

    /// <summary>Adds the answers to rows of which nothing is kept.</summary>
    /// <param name="ids">Their ids; none: they are numbered.</param>
    public void Add(ImmutableArray<string> ids, Assignments answer) => Add(ids, null, answer);

    protected abstract void Add(ImmutableArray<string> ids, RowBatch? rows, Assignments answer);

    /// <summary>Makes the file appear.</summary>
    public abstract void Commit();

    public abstract void Dispose();

    private sealed class Npy(string path, bool routed) : AssignmentFile
    {
        // The header comes first and says how many there are, which a stream tells only at its end.
        private readonly List<int> _labels = [];
        private readonly List<int> _versions = [];

        protected override void Add(ImmutableArray<string> ids, RowBatch? rows, Assignments answer)
        {
            _labels.AddRange(MemoryMarshal.Cast<byte, int>(answer.Labels.Span));
            if (routed)
                _versions.AddRange(answer.RowVersions());
        }

        public override void Commit()
        {
            // First, and not without the labels that it belongs to. What an earlier route left there belongs to none.
            if (routed)
                Write(VersionsOf(path), _versions);
            else
                File.Delete(VersionsOf(path));
            Write(path, _labels);
        }

        public override void Dispose()
        {
        }

        private static void Write(string path, List<int> values)
        {
            using NpyWriter file = NpyWriter.Create<int>(path, values.Count);
            file.Write<int>(CollectionsMarshal.AsSpan(values));
            file.Commit();
        }
    }

    /// <summary>
    /// Id or number, what is kept of the rows, cluster, distance, where several versions may answer the version, and where clusters have names the cluster's.
    /// </summary>
    private sealed class Table(string path, string? idColumn, bool routed, ClusterNames names, TableColumns? kept) : AssignmentFile
    {
        private readonly ITableWriter _file = TableWriter.Create(path, TableColumns.Beside(kept,
            new OutputColumn(idColumn ?? "row", idColumn is null ? typeof(long) : typeof(string)),
        [
            new OutputColumn("cluster", typeof(int)),
            new OutputColumn("distance", typeof(double)),
            .. routed ? new[] { new OutputColumn("version", typeof(int)) } : [],
            .. names.Any ? new[] { new OutputColumn("cluster_name", typeof(string)) } : [],
        ]));

        private long _row;

        protected override void Add(ImmutableArray<string> ids, RowBatch? rows, Assignments answer)
        {
            int[] labels = MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray();
            _file.Write(
            [
                Keys(idColumn, ids, _row, labels.Length),
                .. kept is null ? [] : kept.Of(rows!.ToBlock()),
                labels,
                MemoryMarshal.Cast<byte, double>(answer.Distances.Span).ToArray(),
                .. routed ? new Array[] { answer.RowVersions() } : [],
                .. names.Any ? new Array[] { Array.ConvertAll(labels, names.Of) } : [],
            ]);
            _row += labels.Length;
        }

        public override void Commit() => _file.Commit();

        public override void Dispose() => _file.Dispose();
    }

    /// <summary>The first column of answers: the rows' ids, or their numbers.</summary>
    internal static Array Keys(string? idColumn, ImmutableArray<string> ids, long first, int rows) => idColumn is not null ? ids.ToArray()
        : Enumerable.Range(0, rows).Select(row => first + row).ToArray();
}
