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
        LessIsBetter = false,
        Help = "Train a Gaussian mixture by EM and publish a new version of a model",
        Rule = Together,
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
