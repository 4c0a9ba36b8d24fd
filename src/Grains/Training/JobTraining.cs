using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>How a job's training begins and goes on: over rows as they are, or, when there is something to prepare, over prepared ones.</summary>
/// <param name="family">What is trained.</param>
/// <param name="options">How.</param>
/// <param name="asked">The preparation that is asked for.</param>
/// <param name="manifest">The rows as they are.</param>
/// <param name="kept">The preparation that the model has already; null: it is to be fitted, or there is none.</param>
internal sealed class JobTraining(IFamily family, ITrainingOptions options, string asked, DatasetManifest manifest, FittedPreparation? kept)
{
    private readonly PreparationSpec _spec = Parse(asked);

    /// <summary>Whether rows are prepared: columns that are no numbers are at least left out.</summary>
    public bool IsPrepared => kept is not null || asked.Length > 0 || !manifest.IsPlain;

    /// <summary>Names of the columns that the model will see; null: that depends on the rows.</summary>
    public ImmutableArray<string>? Columns => !IsPrepared ? manifest.Schema.Columns
        : kept is not null ? kept.Outputs
        : _spec.Steps.IsEmpty ? [.. PreparationInputs.Of(_spec, manifest.RowColumns).Select(column => column.Name)]
        : null;

    /// <summary>A training from its beginning.</summary>
    /// <param name="begin">Begins it over rows such as the manifest tells.</param>
    /// <exception cref="ClusteringException">The preparation is not for these rows.</exception>
    public ITrainer Begin(Func<DatasetManifest, ITrainer> begin)
    {
        if (!IsPrepared)
            return begin(manifest);
        try
        {
            if (kept is null)
                PreparationInputs.Check(_spec, manifest.RowColumns);
            return new PreparationTrainer(_spec, manifest.RowColumns, Training(begin), kept);
        }
        catch (Numerics.TrainingException e)
        {
            throw Failures.Translate(e);
        }
    }

    /// <summary>A training as it was saved.</summary>
    /// <param name="saved">What the trainer saved.</param>
    /// <param name="begin">Begins the model's training, if that has not begun.</param>
    public ITrainer Restore(ReadOnlyMemory<byte> saved, Func<DatasetManifest, ITrainer> begin) =>
        PreparationTrainer.Is(saved.Span) ? PreparationTrainer.Restore(saved, Training(begin)) : family.Restore(saved);

    /// <summary>Refuses rows with missing values that nothing fills in, before a job begins that could only fail.</summary>
    /// <param name="dataset">What messages call the rows.</param>
    /// <exception cref="ClusteringException">There are some.</exception>
    public void CheckMissing(string dataset)
    {
        if (kept is not null || _spec.Steps.Any(step => step.Kind == "impute") || manifest.Columns.All(column => column.Missing == 0))
            return;
        ImmutableArray<RowColumn> columns = manifest.RowColumns;
        Dictionary<string, int> places = RowColumn.Places(columns);
        foreach (RowColumn input in PreparationInputs.Of(_spec, columns).Where(column => column.Type is ColumnType.Number or ColumnType.Boolean))
        {
            ColumnSummary summary = manifest.Columns[places[input.Name]];
            if (summary.Missing > 0)
            {
                string gaps = FormattableString.Invariant($"{summary.Missing} of {manifest.Rows} rows");
                throw new ClusteringException(
                    $"Column '{input.Name}' of the dataset '{dataset}' has no value in {gaps}: fill them in with "
                        + "--prepare impute=median, or choose other columns with --columns.");
            }
        }
    }

    /// <summary>What is worth a warning before anything is computed.</summary>
    public IEnumerable<string> Warnings()
    {
        if (!IsPrepared)
        {
            ImmutableArray<double> least = [.. manifest.Columns.Select(one => one.Minimum)], greatest = [.. manifest.Columns.Select(one => one.Maximum)];
            if (family.ComparesScales(options) && ColumnScales.Warning(manifest.Schema.Columns, least, greatest) is { } scales)
                yield return scales;
            yield break;
        }

        RowColumn[] left = [.. PreparationInputs.LeftOut(_spec, manifest.RowColumns)];
        if (kept is null && left.Length > 0)
        {
            string names = string.Join(", ", left.Take(5).Select(column => $"'{column.Name}' ({RowColumn.NameOf(column.Type)})"))
                + (left.Length > 5 ? $" and {left.Length - 5} more" : "");
            yield return $"Left out, because {(left.Length == 1 ? "it is no number" : "they are no numbers")}: {names}. To have "
                + $"{(left.Length == 1 ? "it" : "them")} count, train another model with {_spec.Option(Turned(left))}.";
        }
    }

    /// <summary>The steps that make numbers of columns.</summary>
    private IEnumerable<string> Turned(RowColumn[] columns)
    {
        RowColumn[] times = [.. columns.Where(column => column.Type == ColumnType.Time)];
        bool lacking = times.Any(time => manifest.Columns[manifest.Schema.Columns.IndexOf(time.Name)].Missing > 0);
        if (lacking && !_spec.Steps.Any(step => step.Kind == "impute"))
            yield return "impute=median";
        if (columns.Any(column => column.Type == ColumnType.Category))
            yield return "onehot";
        if (times.Length > 0)
            yield return "cycle";
    }

    /// <summary>The rows that a model sees, as a manifest tells of rows; the same manifest where they are not prepared.</summary>
    public static DatasetManifest Seen(ITrainer trainer, DatasetManifest manifest) =>
        trainer is PreparationTrainer { Rows: { } rows } ? Seen(rows, manifest) : manifest;

    /// <summary>The model's own training, within that which prepares its rows.</summary>
    public static ITrainer Inner(ITrainer trainer) => (trainer as PreparationTrainer)?.Inner ?? trainer;

    private static DatasetManifest Seen(PreparedRows rows, DatasetManifest manifest) => manifest with
    {
        Schema = new RowSchema(rows.Fitted.Outputs, Precision.Float64, manifest.Schema.IdColumn, manifest.Schema.WeightColumn),
        Columns = [.. rows.Minima.Zip(rows.Maxima, (least, greatest) => new ColumnSummary(least, greatest, double.NaN))],
        Categories = [],
    };

    private PreparedTraining Training(Func<DatasetManifest, ITrainer> begin) => new(
        family.Description.Name, family.Statistics, rows => begin(Seen(rows, manifest)), saved => family.Restore(saved), family.ComparesScales(options));

    /// <summary>A preparation as it is written.</summary>
    /// <exception cref="ClusteringException">It is none.</exception>
    public static PreparationSpec Parse(string asked)
    {
        try
        {
            return PreparationSpec.Parse(asked);
        }
        catch (Numerics.TrainingException e)
        {
            throw Failures.Translate(e);
        }
    }
}
