using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
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
    public static ScoreFile Create(string path, string? idColumn, int top, ClusterNames names) =>
        path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? new Npy(path) : new Csv(path, idColumn, top, names);

    public abstract void Add(ImmutableArray<string> ids, ScoredRows scored);

    /// <summary>Makes the file appear.</summary>
    public abstract void Commit();

    public abstract void Dispose();

    private sealed class Npy(string path) : ScoreFile
    {
        // The header comes first and says how many there are, which a stream tells only at its end.
        private readonly List<double> _densities = [];

        public override void Add(ImmutableArray<string> ids, ScoredRows scored) => _densities.AddRange(scored.LogDensities);

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

    private sealed class Csv : ScoreFile
    {
        private const int FlushAt = 1 << 18;
        private readonly AtomicFile _file;
        private readonly StringBuilder _text = new();
        private readonly ClusterNames _names;
        private long _row;

        public Csv(string path, string? idColumn, int top, ClusterNames names)
        {
            (_file, _names) = (AtomicFile.Create(path), names);
            CsvCell.Append(_text, idColumn ?? "row");
            _text.Append(",cluster,log_density,score,anomaly");
            for (int i = 1; i <= top; i++)
                _text.Append(CultureInfo.InvariantCulture, $",component_{i},responsibility_{i}");
            _text.Append(names.Any ? ",cluster_name\n" : "\n");
        }

        public override void Add(ImmutableArray<string> ids, ScoredRows scored)
        {
            for (int i = 0; i < scored.Rows; i++, _row++)
            {
                if (ids.IsDefaultOrEmpty)
                    _text.Append(_row);
                else
                    CsvCell.Append(_text, ids[i]);
                _text.Append(CultureInfo.InvariantCulture,
                    $",{scored.Label(i)},{scored.LogDensities[i]:R},{scored.Score(i):R},{(scored.IsAnomaly(i) ? 1 : 0)}");
                for (int t = i * scored.Top; t < (i + 1) * scored.Top; t++)
                    _text.Append(CultureInfo.InvariantCulture, $",{scored.Components[t]},{scored.Responsibilities[t]:R}");
                if (_names.Any)
                    CsvCell.Append(_text.Append(','), _names.Of(scored.Label(i)));
                _text.Append('\n');
                if (_text.Length >= FlushAt)
                    Flush();
            }
        }

        public override void Commit()
        {
            Flush();
            _file.Commit();
        }

        public override void Dispose() => _file.Dispose();

        private void Flush()
        {
            _file.Write(Encoding.UTF8.GetBytes(_text.ToString()));
            _text.Clear();
        }
    }
}
