using OrleansCluster.Families.Options;

namespace OrleansCluster.Families.Mixtures;

/// <summary>Gaussian mixtures, for those who ask for them.</summary>
public static class MixtureDescription
{
    public static FamilyDescription Value { get; } = new(new MixtureOptions { K = 1 })
    {
        Title = "Gaussian mixture",
        Part = "component",
        ObjectiveName = "mean_log_likelihood",
        ObjectiveTitle = "ln p(x)",
        ObjectiveRemark = static options => $"mean of a row, {((MixtureOptions)options).Covariance} covariances",
        LessIsBetter = false,
        Help = "Train a Gaussian mixture by EM and publish a new version of a model",
        Rule = Together,
        Measures =
        [
            new Measure { Name = MixtureNames.Threshold, Value = 0 },
            new Measure { Name = MixtureNames.LogLikelihood, Value = 0, Better = Better.More },
            new Measure { Name = MixtureNames.Bic, Value = 0, Title = "BIC", Better = Better.Less },
            new Measure { Name = MixtureNames.Aic, Value = 0, Title = "AIC", Better = Better.Less },
            new Measure { Name = MixtureNames.Icl, Value = 0, Title = "ICL", Better = Better.Less },
        ],
        PartMeasures =
            [new PartMeasure { Name = MixtureNames.Weights, Values = [], Title = "weight" }, new PartMeasure { Name = MixtureNames.FloorHits, Values = [] }],
        EarlierName = "Mixture",
    };

    private static string? Together(GivenOptions given) => (given.Has("init-means"), given.Has("init-covariance")) switch
    {
        _ when given.Has("held-out") && given.Options.Select != MixtureOptions.HeldOutRows =>
            $"--held-out is for --select held-out, not for {given.Options.Select}: leave one of them out.",
        (false, true) => "--init-covariance says where given means start: give --init-means too.",
        (true, _) when given.Has("init") => "--init and --init-means are two ways to start: leave one of them out.",
        (true, false) => "--init-means needs covariances too: add --init-covariance global.",
        _ => null,
    };
}
