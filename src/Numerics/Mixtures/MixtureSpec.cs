using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Where EM starts. Values are part of the format.</summary>
public enum MixtureInit : byte
{
    /// <summary>The clusters of a k-means run over the same rows.</summary>
    KMeans = 1,

    /// <summary>The rows nearest to each of k seeds of k-means++.</summary>
    PlusPlus = 2,

    /// <summary>Responsibilities drawn at random for every row.</summary>
    RandomResponsibilities = 3,

    /// <summary>Given means, equal weights and the data's column variances.</summary>
    Given = 4,

    /// <summary>The parameters of a mixture that was trained before.</summary>
    Parameters = 5,
}

/// <summary>What happens to a component that collapses onto a point or loses its rows. Values are part of the format.</summary>
public enum CollapsePolicy : byte
{
    /// <summary>It starts anew at a row drawn at random, with the data's column variances.</summary>
    Reseed = 1,

    /// <summary>It is removed.</summary>
    Drop = 2,

    /// <summary>The run stops with an error.</summary>
    Fail = 3,
}

/// <summary>What to train, checked: a spec that exists is valid.</summary>
public sealed record MixtureSpec
{
    private MixtureSpec()
    {
    }

    /// <summary>Number of components, at least 1.</summary>
    public required int K { get; init; }

    public required CovarianceForm Covariance { get; init; }

    public required MixtureInit Init { get; init; }

    /// <summary>For <see cref="MixtureInit.Given"/>: k × d, row-major; else empty.</summary>
    public required ReadOnlyMemory<double> InitialMeans { get; init; }

    /// <summary>For <see cref="MixtureInit.Parameters"/>: of the same form and number of components; else null.</summary>
    public MixtureParameters? InitialParameters { get; private init; }

    /// <summary>
    /// Least variance of a component in any direction, as a fraction of the data's: no covariance is less than this times the diagonal matrix of the
    /// column variances (spherical: times their mean).
    /// </summary>
    public required double Regularization { get; init; }

    /// <summary>Stop when an iteration gains less than this in mean log-likelihood; 0: when it gains nothing.</summary>
    public required double Tolerance { get; init; }

    public required int MaxIterations { get; init; }

    /// <summary>Independent runs of which the best is kept.</summary>
    public required int Restarts { get; init; }

    public required ulong Seed { get; init; }

    public required CollapsePolicy Collapse { get; init; }

    /// <summary>Share of the weight of the training rows that the anomaly threshold flags, in [0, 1).</summary>
    public required double Contamination { get; init; }

    /// <summary>What the rows' weights mean to criteria. The parameters do not depend on it.</summary>
    public required WeightMeaning Weights { get; init; }

    /// <summary>A valid spec.</summary>
    /// <param name="k">Number of components, at least 1.</param>
    /// <param name="covariance">Form of the covariances.</param>
    /// <param name="init">Where EM starts.</param>
    /// <param name="initialMeans">For <see cref="MixtureInit.Given"/>: k × d finite values, row-major.</param>
    /// <param name="regularization">At least 0 and below 1.</param>
    /// <param name="tolerance">At least 0, in nats a row.</param>
    /// <param name="maxIterations">At least 1.</param>
    /// <param name="restarts">At least 1; 1 when means are given.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="collapse">What happens to components that collapse.</param>
    /// <param name="contamination">At least 0 and below 1.</param>
    /// <param name="initialParameters">For <see cref="MixtureInit.Parameters"/>: <paramref name="k"/> components with covariances of the same form.</param>
    /// <param name="weights">What the rows' weights mean to criteria.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message says what to change.</exception>
    public static MixtureSpec Create(
        int k,
        CovarianceForm covariance = CovarianceForm.Full,
        MixtureInit init = MixtureInit.KMeans,
        ReadOnlyMemory<double> initialMeans = default,
        double regularization = 1e-6,
        double tolerance = 1e-3,
        int maxIterations = 100,
        int restarts = 1,
        ulong seed = 0,
        CollapsePolicy collapse = CollapsePolicy.Reseed,
        double contamination = 0.01,
        MixtureParameters? initialParameters = null,
        WeightMeaning weights = WeightMeaning.Count)
    {
        Require(k >= 1, $"k is {k}: ask for at least 1 component.", nameof(k));
        Require(Enum.IsDefined(covariance), $"The covariance form {covariance} is unknown.", nameof(covariance));
        Require(Enum.IsDefined(init), $"The start {init} is unknown.", nameof(init));
        Require(Enum.IsDefined(weights), $"The meaning {weights} of weights is unknown.", nameof(weights));
        Require(Enum.IsDefined(collapse), $"The collapse policy {collapse} is unknown.", nameof(collapse));
        Require(regularization is >= 0 and < 1, $"The regularization is {regularization}: give a fraction of the columns' variances, at least 0 and below 1.",
            nameof(regularization));
        Require(tolerance >= 0 && double.IsFinite(tolerance), $"The tolerance is {tolerance}: give a number of at least 0.", nameof(tolerance));
        Require(maxIterations >= 1, $"The maximum of iterations is {maxIterations}: allow at least 1.", nameof(maxIterations));
        Require(restarts is >= 1 and < 1 << 24, $"The number of restarts is {restarts}: ask for at least 1.", nameof(restarts));
        Require(
            contamination is >= 0 and < 1, $"The contamination is {contamination}: give a share of the rows, at least 0 and below 1.", nameof(contamination));
        bool given = init == MixtureInit.Given;
        Require(given || initialMeans.IsEmpty, "Means are given, but the start does not use them.", nameof(initialMeans));
        Require(!given || (!initialMeans.IsEmpty && initialMeans.Length % k == 0), $"{initialMeans.Length} values are not the means of {k} components.",
            nameof(initialMeans));
        bool goesOn = init == MixtureInit.Parameters;
        Require(goesOn == initialParameters is not null,
            goesOn ? "The start needs parameters, and none are given." : "Parameters are given, but the start does not use them.", nameof(initialParameters));
        Require(
            initialParameters is null || (initialParameters.K == k && initialParameters.Form == covariance),
            $"The given parameters have {initialParameters?.K} components with {initialParameters?.Form.Name()} covariances: ask for as many, of that form.",
            nameof(initialParameters));
        Require(!(given || goesOn) || restarts == 1,
            $"From given {(given ? "means" : "parameters")} every restart is the same: ask for 1 instead of {restarts}.", nameof(restarts));
        int bad = initialMeans.Span.IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
        Require(bad < 0, $"Value {bad + 1} of the given means is not finite.", nameof(initialMeans));
        return new MixtureSpec
        {
            K = k,
            Covariance = covariance,
            Init = init,
            InitialMeans = initialMeans,
            InitialParameters = initialParameters,
            Regularization = regularization,
            Tolerance = tolerance,
            MaxIterations = maxIterations,
            Restarts = restarts,
            Seed = seed,
            Collapse = collapse,
            Contamination = contamination,
            Weights = weights,
        };
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(K);
        writer.Byte((byte)Covariance);
        writer.Byte((byte)Init);
        writer.Doubles(InitialMeans.Span);
        writer.Double(Regularization);
        writer.Double(Tolerance);
        writer.Int32(MaxIterations);
        writer.Int32(Restarts);
        writer.Int64((long)Seed);
        writer.Byte((byte)Collapse);
        writer.Double(Contamination);
        writer.Byte((byte)Weights);
        InitialParameters?.Write(writer);
    }

    /// <param name="reader">At its beginning.</param>
    /// <param name="weights">Whether it says what weights mean: to earlier builds they were counts.</param>
    internal static MixtureSpec Read(ByteReader reader, bool weights)
    {
        try
        {
            (int k, var covariance, var init) = (reader.Int32(), (CovarianceForm)reader.Byte(), (MixtureInit)reader.Byte());
            return Create(
                k, covariance, init, reader.Doubles(), reader.Double(), reader.Double(),
                reader.Int32(), reader.Int32(), (ulong)reader.Int64(), (CollapsePolicy)reader.Byte(), reader.Double(),
                weights: weights ? (WeightMeaning)reader.Byte() : WeightMeaning.Count,
                initialParameters: init == MixtureInit.Parameters ? MixtureParameters.Read(reader) : null);
        }
        catch (ArgumentException damaged)
        {
            throw new InvalidDataException($"The spec of a mixture is damaged: {damaged.Message}", damaged);
        }
    }

    private static void Require(bool condition, string message, string parameter)
    {
        if (!condition)
            throw new ArgumentException(message, parameter);
    }
}
