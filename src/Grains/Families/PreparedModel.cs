using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families;

/// <summary>A model of any family, ready to answer: what can be asked of it are the capabilities that it implements. Safe for concurrent use.</summary>
/// <param name="model">What it was prepared from.</param>
public abstract class PreparedModel(IModel model)
{
    public IFamily Family { get; } = model.Family;

    public int K { get; } = model.K;

    public int Columns { get; } = model.Columns;

    /// <summary>Bytes that it takes in memory, about.</summary>
    public abstract long Bytes { get; }

    /// <summary>How its clusters fit rows, by which they are profiled; null: that has no such form.</summary>
    public virtual IQuadraticClusters? Fits => null;

    /// <summary>What explains answers; null: nothing does.</summary>
    public virtual IRowExplainer? Explainer => Fits is { } fits ? new RowExplainer(fits) : null;

    /// <summary>What rows are explained by: <c>squared_distance</c>, <c>cosine_distance</c> (their signs turned) or <c>log_density</c>.</summary>
    public virtual string FitName => "";

    /// <summary>Rows as distances are measured between them: those that are asked about, or what the model makes of them.</summary>
    /// <param name="rows">Finite rows of as many columns as the model has.</param>
    /// <param name="parallel">Where slices run.</param>
    public virtual RowBlock Measured(RowBlock rows, IParallel parallel) => rows;

    /// <summary>Multiplications that a row takes, about: what calls over shards are measured by.</summary>
    public abstract double TermsPerRow { get; }
}
