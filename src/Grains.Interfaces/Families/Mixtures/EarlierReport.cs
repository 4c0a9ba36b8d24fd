using System.Collections.Immutable;
using OrleansCluster.Families;
using OrleansCluster.Families.Mixtures;

namespace OrleansCluster.Training;

/// <content>What builds wrote before a report had the measures of any family. It is read and never written.</content>
public sealed partial record TrainingReport
{
    [Id(24)]
    internal MixtureRecord? EarlierMixture
    {
        get => null;
        set
        {
            if (value is null)
                return;
            Earlier.Take(this, nameof(Options), value.Options);
            Earlier.Take(this, nameof(Measures), (ImmutableArray<Measure>)
            [
                new Measure { Name = MixtureNames.LogLikelihood, Value = value.LogLikelihood },
                new Measure { Name = MixtureNames.Bic, Value = value.Bic },
                new Measure { Name = MixtureNames.Aic, Value = value.Aic },
                new Measure { Name = MixtureNames.Icl, Value = value.Icl },
                new Measure { Name = MixtureNames.Threshold, Value = value.Threshold },
            ]);
            Earlier.Take(this, nameof(PartMeasures), (ImmutableArray<PartMeasure>)
            [
                new PartMeasure { Name = MixtureNames.Weights, Values = value.Weights },
                new PartMeasure { Name = MixtureNames.FloorHits, Values = [.. value.FloorHits.Select(hits => (double)hits)] },
            ]);
        }
    }
}
