using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Segments;

/// <summary>How what is true is joined with what was answered.</summary>
/// <param name="Id">The column that tells rows apart, of both files.</param>
/// <param name="Truth">What was true, of the truths.</param>
/// <param name="AnsweredAt">When rows were answered; null: nobody asks.</param>
/// <param name="LabelledAt">When it was known what is true; null: nobody asks.</param>
internal sealed record OutcomeJoin(string Id, string Truth, string? AnsweredAt, string? LabelledAt);

/// <summary>Rows of a file by their ids, each of which is there once.</summary>
/// <param name="name">What messages call the file.</param>
internal sealed class OutcomeIds(string name)
{
    private readonly Dictionary<string, (int Batch, int Row)> _places = new(StringComparer.Ordinal);
    private readonly List<OutcomeBatch> _batches = [];

    public string Name => name;

    public int Count => _places.Count;

    /// <summary>What the columns hold.</summary>
    public IReadOnlyList<Type> Types { get; private init; } = [];

    /// <summary>The truths of a file.</summary>
    public static async Task<OutcomeIds> ReadAsync(string file, ReadOptions options, OutcomeJoin join, CancellationToken cancellation)
    {
        // Conditions and types are those of the answers.
        options = options with { IdColumn = join.Id, Where = [], Limit = null, Types = null };
        using var source = OutcomeSource.Open(file, options, [join.Truth, .. join.LabelledAt is { } at ? [at] : Array.Empty<string>()], null);
        var ids = new OutcomeIds(source.Name) { Types = source.Types };
        if (join.LabelledAt is { } time)
            CheckTime(source, source.Types[1], time);
        await foreach (OutcomeBatch batch in source.ReadAsync(cancellation).ConfigureAwait(false))
            ids.Add(batch);
        return ids;
    }

    /// <summary>Adds rows.</summary>
    /// <exception cref="CommandException">An id is there twice or missing.</exception>
    public void Add(OutcomeBatch batch)
    {
        // Only places are told of the rows from now on.
        _batches.Add(batch with { Rows = batch.Rows with { Values = default, Ids = [] } });
        for (int row = 0; row < batch.Rows.Rows; row++)
        {
            string id = batch.Rows.Ids[row];
            if (id.Length == 0)
                throw CommandException.Usage($"{Name}, {batch.Rows.Place(row)}: the row has no id.");
            if (_places.TryGetValue(id, out (int Batch, int Row) other))
                throw CommandException.Usage(
                    $"{Name}, {_batches[other.Batch].Rows.Place(other.Row)} and {batch.Rows.Place(row)} are both of '{id}': there may be one row an id.");
            _places.Add(id, (_batches.Count - 1, row));
        }
    }

    /// <summary>The columns of a row and its place in them; null: it is not there.</summary>
    public (Array[] Values, int Row)? Find(string id) => _places.TryGetValue(id, out (int Batch, int Row) place)
        ? (_batches[place.Batch].Values, place.Row) : null;

    /// <summary>Where the row of an id is, as messages say it.</summary>
    public string Place(string id) => $"{Name}, {_batches[_places[id].Batch].Rows.Place(_places[id].Row)}";

    /// <exception cref="CommandException">A column holds no times.</exception>
    public static void CheckTime(OutcomeSource source, Type type, string column)
    {
        if (type != typeof(DateTime))
            throw CommandException.Usage($"{source.Name}: column '{column}' holds no times; where it does, say so with --types {column}=datetime.");
    }
}
