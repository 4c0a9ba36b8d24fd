using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// Cuts rows into shards of fixed size, puts them into a blob store, and ends with the manifest. The result depends on the rows alone,
/// not on the pieces they came in; equal full shards of earlier versions are shared. Not thread-safe.
/// </summary>
public sealed class DatasetWriter : IAsyncDisposable
{
    /// <summary>Shards that are made lasting while others are written.</summary>
    private const int MostCompleting = 4;

    private readonly IBlobStore _store;
    private readonly RowSchema _schema;
    private readonly ImmutableArray<ShardEntry>.Builder _shards = ImmutableArray.CreateBuilder<ShardEntry>();
    private readonly CompensatedSum[] _sums;
    private readonly double[] _minimum;
    private readonly double[] _maximum;
    private readonly long[] _missing;
    private readonly List<string>[] _categories;
    private readonly Queue<Task<ShardSummary>> _completing = [];
    private CompensatedSum _weightTotal;
    private double _weightMaximum;
    private ShardWriter? _shard;

    public DatasetWriter(IBlobStore store, RowSchema schema)
    {
        (_store, _schema) = (store, schema);
        int columns = schema.Columns.Length;
        (_sums, _minimum, _maximum) = (new CompensatedSum[columns], new double[columns], new double[columns]);
        (_missing, _categories) = (new long[columns], [.. Enumerable.Range(0, columns).Select(_ => new List<string>())]);
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    /// <summary>Content hashes of the shards that are in the store already.</summary>
    public IEnumerable<string> Written => _shards.Select(shard => shard.Hash);

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds rows; parameters and errors are those of <see cref="ShardWriter.AppendAsync"/>, but any number of rows is taken.</summary>
    /// <inheritdoc cref="ShardWriter.AppendAsync"/>
    public async Task AppendAsync(
        ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ReadOnlyMemory<string> ids, CancellationToken cancellation = default)
    {
        int rows = RowBytes.Count(_schema, values, weights, ids), begin = 0;
        for (int done = 0; done < rows;)
        {
            _shard ??= new ShardWriter(_store, _schema, Rows);
            int count = Math.Min(rows - done, ShardFormat.RowsPerShard - _shard.Rows);
            int length = RowBytes.Length(_schema, values.Span[begin..], count);
            await _shard.AppendAsync(
                values.Slice(begin, length),
                weights.IsEmpty ? weights : weights.Slice(done, count),
                ids.IsEmpty ? ids : ids.Slice(done, count),
                cancellation).ConfigureAwait(false);
            done += count;
            begin += length;
            Rows += count;
            if (_shard.Rows == ShardFormat.RowsPerShard)
                await CompleteShardAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Adds the rows of a shard of an earlier version, whose shards are added in their order before any other rows: a full one is shared, and only looked at
    /// again, so that the result is that of all rows written anew.
    /// </summary>
    /// <param name="earlier">The earlier version, of the same columns.</param>
    /// <param name="shard">Which of its shards.</param>
    /// <param name="cancellation">Gives up; the writer is then of no use.</param>
    /// <exception cref="DataFormatException">The shard is damaged, or of other columns.</exception>
    /// <exception cref="IOException">The shard cannot be read.</exception>
    public async Task AppendAsync(DatasetManifest earlier, int shard, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ShardEntry entry = earlier.Shards[shard];
        using var mapped = MappedShard.Open(await _store.LocalPathAsync(entry.Hash, cancellation).ConfigureAwait(false), DatasetManifest.FirstRow(shard));
        if (mapped.Count != entry.Rows || mapped.Columns != _schema.Columns.Length || mapped.Precision != _schema.Precision
            || mapped.HasIds != _schema.IdColumn is not null || mapped.Sparse is not null != _schema.IsSparse)
            throw new DataFormatException($"Shard {shard} holds other rows than its manifest says: see datasets verify.");
        byte[] values = mapped.Sparse is { } sparse ? SparseRowBytes.Of(sparse)
            : RowBytes.OfColumns(mapped.Rows, [.. Enumerable.Range(0, _schema.Columns.Length)]);
        if (entry.Rows < ShardFormat.RowsPerShard)
        {
            string[] ids = mapped.HasIds ? [.. Enumerable.Range(0, entry.Rows).Select(mapped.Id)] : [];
            await AppendAsync(values, mapped.Weights.ToArray(), ids, cancellation).ConfigureAwait(false);
            return;
        }

        await DrainAsync(0).ConfigureAwait(false);
        var summary = new RowSummarizer(_schema);
        summary.Add(values, mapped.Weights.Span, Rows);
        Rows += entry.Rows;
        Add(entry, summary.Columns, summary.WeightMaximum);
    }

    /// <summary>Says what values of a category stand for. Any time before <see cref="CompleteAsync"/>.</summary>
    /// <param name="column">Position of the column.</param>
    /// <param name="first">The value that the first text is for; said again, the same is said once.</param>
    /// <param name="texts">A text for each value from there on.</param>
    /// <exception cref="DataFormatException">The column is no category, or texts before these were not said.</exception>
    public void AddCategories(int column, int first, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (column < 0 || column >= _schema.Columns.Length || _schema.TypeOf(column) != ColumnType.Category || first < 0 || first > _categories[column].Count)
            throw new DataFormatException($"Texts from {first} on came for column {column}, which is no category or lacks those before.");
        List<string> known = _categories[column];
        for (int i = 0; i < texts.Count; i++)
        {
            if (first + i == known.Count)
                known.Add(texts[i]);
            else if (known[first + i] != texts[i])
                throw new DataFormatException(
                    $"The value {first + i} of column '{_schema.Columns[column]}' was said to be '{known[first + i]}', and '{texts[i]}' afterwards.");
        }
    }

    /// <summary>Ends the last shard and puts the manifest into the store, after all that it names.</summary>
    /// <returns>The manifest and its content hash.</returns>
    /// <exception cref="DataFormatException">There are no rows, none of them has a weight that counts, or a column's values are too large to add
    /// up.</exception>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public async Task<(DatasetManifest Manifest, string Hash)> CompleteAsync(CancellationToken cancellation = default)
    {
        if (Rows == 0)
            throw new DataFormatException("There are no rows to import.");
        if (_shard is not null)
            await CompleteShardAsync(cancellation).ConfigureAwait(false);
        await DrainAsync(0).ConfigureAwait(false);
        RowWeights.Check(_schema.WeightColumn, _weightMaximum);
        ImmutableArray<ColumnSummary> columns = [.. Enumerable.Range(0, _sums.Length).Select(Summary)];
        CheckCategories(columns);
        // Rows that are numbers and nothing else are the same rows, whoever expected more.
        bool plain = _schema.Types.All(type => type == ColumnType.Number) && _missing.All(missing => missing == 0);
        var manifest = new DatasetManifest
        {
            Schema = plain ? new RowSchema(_schema.Columns, _schema.Precision, _schema.IdColumn, _schema.WeightColumn, isSparse: _schema.IsSparse) : _schema,
            Columns = columns,
            Categories = plain ? [] : [.. _categories.Select(texts => texts.ToImmutableArray())],
            Rows = Rows,
            WeightTotal = Finite(_weightTotal.Value, $"weight column '{_schema.WeightColumn}'"),
            WeightMaximum = _weightMaximum,
            Shards = _shards.ToImmutable(),
        };
        return (manifest, await _store.PutAsync(manifest.Encode(), cancellation).ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        if (_shard is not null)
            await _shard.DisposeAsync().ConfigureAwait(false);
        // What is on its way comes to its end: nothing is written afterwards.
        await ((Task)Task.WhenAll(_completing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static double Finite(double sum, string column) => double.IsFinite(sum)
        ? sum
        : throw new DataFormatException($"The values of {column} are too large to add up: divide the column by a power of ten.");

    private ColumnSummary Summary(int column) => _missing[column] == Rows
        ? new ColumnSummary(0, 0, 0, Rows)
        : new ColumnSummary(_minimum[column], _maximum[column], Finite(_sums[column].Value, $"column '{_schema.Columns[column]}'"), _missing[column]);

    /// <summary>Every value of a category or of yes and no stands for something.</summary>
    private void CheckCategories(ImmutableArray<ColumnSummary> columns)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            int values = _schema.TypeOf(column) switch { ColumnType.Category => _categories[column].Count, ColumnType.Boolean => 2, _ => int.MaxValue };
            if (values < int.MaxValue && columns[column].Missing < Rows && (columns[column].Minimum < 0 || columns[column].Maximum >= values))
            {
                string range = string.Create(CultureInfo.InvariantCulture, $"from {columns[column].Minimum:R} to {columns[column].Maximum:R}");
                string meaning = values.ToString(CultureInfo.InvariantCulture);
                throw new DataFormatException($"Column '{_schema.Columns[column]}' has values {range}, of which {meaning} have a meaning, from 0 on.");
            }
        }
    }

    /// <summary>Ends the shard. The disk is waited for while the next ones are written.</summary>
    private async Task CompleteShardAsync(CancellationToken cancellation)
    {
        _completing.Enqueue(EndAsync(_shard!, cancellation));
        _shard = null;
        await DrainAsync(MostCompleting).ConfigureAwait(false);
    }

    private static async Task<ShardSummary> EndAsync(ShardWriter shard, CancellationToken cancellation)
    {
        await using (shard.ConfigureAwait(false))
            return await shard.CompleteAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until no more than some shards are on their way, and takes notice of the others in their order.</summary>
    private async Task DrainAsync(int most)
    {
        while (_completing.Count > most || (_completing.TryPeek(out Task<ShardSummary>? first) && first.IsCompleted))
        {
            ShardSummary shard = await _completing.Dequeue().ConfigureAwait(false);
            Add(new ShardEntry(shard.Hash, shard.Rows, shard.Bytes, shard.WeightTotal), shard.Columns, shard.WeightMaximum);
        }
    }

    private void Add(ShardEntry shard, ImmutableArray<ColumnSummary> columns, double weightMaximum)
    {
        _shards.Add(shard);
        for (int j = 0; j < _sums.Length; j++)
        {
            ColumnSummary column = columns[j];
            _sums[j].Add(column.Sum);
            _minimum[j] = Math.Min(_minimum[j], column.Minimum);
            _maximum[j] = Math.Max(_maximum[j], column.Maximum);
            _missing[j] += column.Missing;
        }

        _weightTotal.Add(shard.WeightTotal);
        _weightMaximum = Math.Max(_weightMaximum, weightMaximum);
    }
}
