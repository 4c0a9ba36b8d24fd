using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>Where outcomes come from.</summary>
/// <param name="Options">How files are read.</param>
/// <param name="Columns">Their columns.</param>
/// <param name="Model">The model whose clusters are segments; null: none.</param>
/// <param name="Names">Names of its clusters.</param>
internal sealed record OutcomeReader(ReadOptions Options, OutcomeColumns Columns, ClusterModel? Model, ClusterNames Names)
{
    /// <summary>Rows of one file that has both what was said and what was true.</summary>
    /// <exception cref="CommandException">A column is not there, or a value that is needed is missing.</exception>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    public async Task<SegmentRows> ReadAsync(string file, CancellationToken cancellation)
    {
        using var source = OutcomeSource.Open(file, Options, Columns.All, Model);
        var rows = NewRows(source);
        Type truth = source.Types[0], said = source.Types[1];
        (rows.AreNumbers, bool mixed) = (IsNumber(truth) && IsNumber(said), truth == typeof(bool) || said == typeof(bool));
        await foreach (OutcomeBatch batch in source.ReadAsync(cancellation).ConfigureAwait(false))
        {
            for (int row = 0; row < batch.Rows.Rows; row++)
            {
                Check(source, batch, row, 0, Columns.Truth!);
                Truth(rows, truth, batch.Values[0], row, mixed);
                Add(rows, source, batch, row, first: 1, mixed);
            }
        }

        return rows.Count > 0 ? rows : throw CommandException.Usage($"{source.Name} has no rows.");
    }

    /// <summary>
    /// Rows that were answered, and by their ids what turned out to be true of them. The ids of both files are held in memory, and what was true; what was
    /// answered is read once.
    /// </summary>
    /// <param name="answers">The file of answers.</param>
    /// <param name="truths">The file of truths.</param>
    /// <param name="join">How they are joined.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CommandException">A column is not there, an id is there twice or missing, or a value that is needed is missing.</exception>
    /// <exception cref="DataFormatException">A file cannot be used.</exception>
    public async Task<SegmentRows> JoinAsync(string answers, string truths, OutcomeJoin join, CancellationToken cancellation)
    {
        OutcomeIds known = await OutcomeIds.ReadAsync(truths, Options, join, cancellation).ConfigureAwait(false);
        string[] columns = [.. Columns.All, .. join.AnsweredAt is { } at ? [at] : Array.Empty<string>()];
        using var source = OutcomeSource.Open(answers, Options with { IdColumn = join.Id }, columns, Model);
        var rows = NewRows(source);
        Type truth = known.Types[0], said = source.Types[0];
        (rows.AreNumbers, bool mixed) = (IsNumber(truth) && IsNumber(said), truth == typeof(bool) || said == typeof(bool));
        bool timed = join.AnsweredAt is not null && join.LabelledAt is not null;
        if (join.AnsweredAt is not null)
            OutcomeIds.CheckTime(source, source.Types[^1], join.AnsweredAt);
        var seen = new OutcomeIds(source.Name);
        (var lags, int matched) = (new List<double>(), 0);
        await foreach (OutcomeBatch batch in source.ReadAsync(cancellation).ConfigureAwait(false))
        {
            seen.Add(batch with { Values = [], Clusters = null });
            for (int row = 0; row < batch.Rows.Rows; row++)
            {
                (Array[] Values, int Row)? found = known.Find(batch.Rows.Ids[row]);
                matched += found is null ? 0 : 1;
                bool isKnown = found is { } one && !OutcomeCells.IsMissing(one.Values[0], one.Row);
                if (isKnown)
                    Truth(rows, truth, found!.Value.Values[0], found.Value.Row, mixed);
                else
                    Unknown(rows);
                Add(rows, source, batch, row, first: 0, mixed);
                if (!isKnown || !timed)
                    continue;
                Check(source, batch, row, columns.Length - 1, join.AnsweredAt!);
                if (OutcomeCells.IsMissing(found!.Value.Values[1], found.Value.Row))
                    throw CommandException.Usage($"{known.Place(batch.Rows.Ids[row])}, column '{join.LabelledAt}': it is not said when this was known.");
                lags.Add(OutcomeCells.Number(found.Value.Values[1], found.Value.Row) - OutcomeCells.Number(batch.Values[^1], row));
            }
        }

        int joined = rows.Waiting.Count(waiting => !waiting);
        rows.Labels = new JoinedLabels(rows.Count, known.Count, joined, known.Count - matched, timed ? LabelLag.Of(lags) : null);
        return joined > 0 ? rows : throw CommandException.Usage(
            $"No id of {source.Name} ({Numbers.Of(rows.Count, "row")}) is in {known.Name} ({Numbers.Of(known.Count, "row")}) with what is true: look whether "
                + $"'{join.Id}' is the same in both.");
    }

    private SegmentRows NewRows(OutcomeSource source)
    {
        if (Columns.Time is { } time)
            OutcomeIds.CheckTime(source, source.Types[Array.IndexOf(Columns.All, time)], time);
        int score = Columns.Score is { } scored ? Array.IndexOf(Columns.All, scored) : -1;
        return score < 0 || IsNumber(source.Types[score]) ? new SegmentRows(source.Name, Columns.By, Model is null ? null : Names)
            : throw CommandException.Usage($"{source.Name}: the scores in column '{Columns.Score}' are no numbers.");
    }

    private static void Truth(SegmentRows rows, Type type, Array column, int row, bool mixed)
    {
        rows.Truths.Add(OutcomeCells.Text(type, column, row, mixed));
        rows.TrueNumbers.Add(OutcomeCells.Number(column, row));
        rows.Waiting.Add(false);
    }

    private static void Unknown(SegmentRows rows)
    {
        rows.Truths.Add("");
        rows.TrueNumbers.Add(double.NaN);
        rows.Waiting.Add(true);
    }

    /// <summary>What was said of a row, when, and what it is cut by.</summary>
    /// <param name="first">The column of what was said.</param>
    private void Add(SegmentRows rows, OutcomeSource source, OutcomeBatch batch, int row, int first, bool mixed)
    {
        int at = first;
        Check(source, batch, row, at, Columns.Prediction);
        rows.Said.Add(OutcomeCells.Text(source.Types[at], batch.Values[at], row, mixed));
        rows.SaidNumbers.Add(OutcomeCells.Number(batch.Values[at++], row));
        if (Columns.Score is { } score)
        {
            Check(source, batch, row, at, score);
            rows.Scores.Add(OutcomeCells.Number(batch.Values[at++], row));
        }

        if (Columns.Time is { } time)
        {
            Check(source, batch, row, at, time);
            rows.Times.Add(OutcomeCells.Number(batch.Values[at++], row));
        }

        rows.Cut(
            Enumerable.Range(at, Columns.By.Length).Select(column => OutcomeCells.Text(source.Types[column], batch.Values[column], row)),
            batch.Clusters?[row]);
    }

    private static void Check(OutcomeSource source, OutcomeBatch batch, int row, int column, string name)
    {
        if (OutcomeCells.IsMissing(batch.Values[column], row))
            throw CommandException.Usage(
                $"{source.Name}, {batch.Rows.Place(row)}, column '{name}': there is no value. Leave such rows out with --where '{name} is not missing'.");
    }

    private static bool IsNumber(Type type) => type == typeof(double) || type == typeof(float);
}
