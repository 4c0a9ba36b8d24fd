using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Kernels;
using OrleansCluster.Numerics.Mixtures.Steps;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// A step with all that its parameters are made into for the rows: once a silo, by whichever shard needs it first, and nobody changes it. Thread-safe.
/// </summary>
internal sealed class PreparedStep
{
    private readonly Lazy<GaussianFactors?> _factors;
    private readonly Lazy<DensityTable?> _table;
    private readonly Lazy<NearestCentroid> _nearest;

    private PreparedStep(MixtureStep step)
    {
        Step = step;
        _factors = new Lazy<GaussianFactors?>(() => step.Parameters is { } parameters ? GaussianFactors.Create(parameters) : null);
        _table = new Lazy<DensityTable?>(MakeTable);
        _nearest = new Lazy<NearestCentroid>(() => new NearestCentroid(step.Centres, step.K, step.Origins.Length));
    }

    public MixtureStep Step { get; }

    /// <summary>Cholesky factors of the covariances; null: the step has no parameters.</summary>
    public GaussianFactors? Factors => _factors.Value;

    /// <summary>The same for the kernels.</summary>
    public DensityTable? Table => _table.Value;

    /// <summary>The centres of a step that looks for the nearest.</summary>
    public NearestCentroid Nearest => _nearest.Value;

    /// <exception cref="InvalidDataException">The bytes are no step of a mixture, or damaged.</exception>
    public static PreparedStep Decode(ReadOnlyMemory<byte> bytes) => new(MixtureStep.Decode(bytes));

    private DensityTable? MakeTable()
    {
        if (Factors is not { } mixture)
            return null;
        var made = new DensityTable();
        made.Set(mixture);
        return made;
    }
}
