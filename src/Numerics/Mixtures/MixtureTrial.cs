using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>A mixture of one number of components among several: on all rows, or on those that are not held out, which then judge it.</summary>
internal sealed class MixtureTrial : ITrialTrainer
{
    private readonly HoldOut? _holdOut;
    private (EncodedStep Inner, EncodedStep Wrapped)? _wrapped;
    private double? _heldOut;

    /// <param name="training">The training.</param>
    /// <param name="holdOut">Which rows are held out; null: none.</param>
    public MixtureTrial(MixtureTrainer training, HoldOut? holdOut) => (Training, _holdOut) = (training, holdOut);

    public MixtureTrainer Training { get; }

    public int K => Training.Spec.K;

    public string Algorithm => Training.Algorithm;

    public StatisticKinds Statistics => Training.Statistics;

    public string Phase => Trial is null && Training.Next is null ? "final" : Training.Phase;

    public int Restart => Training.Restart;

    public int Iteration => Training.Iteration;

    public EncodedStep? Next
    {
        get
        {
            if (_holdOut is null)
                return Training.Next;
            if (Training.Next is { } step)
                return Wrap(step, RowPart.Fitted);
            return _heldOut is null ? _wrapped?.Wrapped ?? Wrap(Judging(), RowPart.HeldOut) : null;
        }
    }

    public SelectionTrial? Trial
    {
        get
        {
            if (Training.Result is not { } result || (_holdOut is not null && _heldOut is null))
                return null;
            var values = new List<CriterionValue>
            {
                new(SelectionCriterion.Bic, result.Criteria.Bic),
                new(SelectionCriterion.Aic, result.Criteria.Aic),
                new(SelectionCriterion.Icl, result.Criteria.Icl),
            };
            if (_heldOut is { } value)
                values.Add(new CriterionValue(SelectionCriterion.HeldOut, value));
            return new SelectionTrial(K, result.Restart, result.Objective, [.. values]);
        }
    }

    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        _wrapped = null;
        if (Training.Next is not null)
        {
            IReadOnlyList<TrainingEvent> events = Train(statistic, parallel);
            // What holds of some of the rows is told, with other numbers, when the number chosen is trained on all.
            return _holdOut is null ? events : [.. events.Where(happened => happened is not TrainingWarning { Scope: TrainingScope.Rows })];
        }

        MixtureSummary summary = Statistic.Decode<MixtureSummary>(statistic);
        if (summary.Rows == 0)
            throw new TrainingException(
                $"No row of positive weight was held out of the fit: hold a larger share than {_holdOut!.Share:R} out, take another seed, or another "
                    + "criterion.");
        // A row of density 0 makes the worst of all values, and NaN nobody chooses.
        _heldOut = summary.LogLikelihood / summary.TotalWeight;
        return [];
    }

    private IReadOnlyList<TrainingEvent> Train(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        try
        {
            return Training.Advance(statistic, parallel);
        }
        catch (TrainingException failed) when (_holdOut is not null && failed.Message == MixtureTrainer.NoRows)
        {
            throw new TrainingException(
                $"Every row of positive weight was held out of the fit, or there is none: hold a smaller share than {_holdOut.Share:R} out, take another "
                    + "seed, or another criterion.");
        }
    }

    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Bytes(Training.Save());
        writer.Boolean(_heldOut is not null);
        if (_heldOut is { } value)
            writer.Double(value);
        return writer.ToArray();
    }

    public static MixtureTrial Restore(ReadOnlyMemory<byte> saved, HoldOut? holdOut)
    {
        var reader = new ByteReader(saved);
        var trial = new MixtureTrial(MixtureTrainer.Restore(reader.Bytes()), holdOut);
        trial._heldOut = reader.Boolean() ? reader.Double() : null;
        reader.End();
        return trial;
    }

    /// <summary>The log-densities of the best restart.</summary>
    private EncodedStep Judging()
    {
        MixtureParameters parameters = Training.Result!.Model.Parameters;
        return new MixtureStep
        {
            Source = ResponsibilitySource.Posterior,
            Reduction = MixtureReduction.Summary,
            Form = parameters.Form,
            K = parameters.K,
            Origins = parameters.Origins.ToArray(),
            Parameters = parameters,
        }.Encode();
    }

    /// <summary>The step over a part of the rows, encoded once.</summary>
    private EncodedStep Wrap(EncodedStep step, RowPart part)
    {
        if (_wrapped is not { } known || !ReferenceEquals(known.Inner, step))
            _wrapped = known = (step, _holdOut!.Over(part, step));
        return known.Wrapped;
    }
}
