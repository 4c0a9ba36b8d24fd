using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Export;

/// <summary>Answers on their way into a file, which appears whole or not at all.</summary>
internal abstract class AssignmentFile : IDisposable
{
    /// <summary>Whether the file's ending says how to write it.</summary>
    public static bool IsSupported(string path) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins the file.</summary>
    /// <param name="idColumn">Name of the rows' id column, or null: rows are numbered from 0.</param>
    public static AssignmentFile Create(string path, string? idColumn) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? new Npy(path) : new Csv(path, idColumn);

    /// <summary>Adds the answers to some rows.</summary>
    public abstract void Add(ImmutableArray<string> ids, ReadOnlySpan<int> labels, ReadOnlySpan<double> distances);

    /// <summary>Makes the file appear.</summary>
    public abstract void Commit();

    public abstract void Dispose();

    private sealed class Npy(string path) : AssignmentFile
    {
        // The header comes first and says how many there are, which a stream tells only at its end.
        private readonly List<int> _labels = [];

        public override void Add(ImmutableArray<string> ids, ReadOnlySpan<int> labels, ReadOnlySpan<double> distances) => _labels.AddRange(labels);

        public override void Commit()
        {
            using NpyWriter file = NpyWriter.Create<int>(path, _labels.Count);
            file.Write<int>(CollectionsMarshal.AsSpan(_labels));
            file.Commit();
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Csv(string path, string? idColumn) : AssignmentFile
    {
        private readonly AssignmentCsvWriter _file = new(path, idColumn);
        private long _row;

        public override void Add(ImmutableArray<string> ids, ReadOnlySpan<int> labels, ReadOnlySpan<double> distances)
        {
            for (int i = 0; i < labels.Length; i++, _row++)
            {
                if (idColumn is null)
                    _file.Write(_row, labels[i], distances[i]);
                else
                    _file.Write(ids[i], labels[i], distances[i]);
            }
        }

        public override void Commit() => _file.Commit();

        public override void Dispose() => _file.Dispose();
    }
}
