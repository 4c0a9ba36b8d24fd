using System.Collections.Immutable;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families;

/// <summary>A model that tells the cluster of a row.</summary>
public interface ILabels
{
    /// <summary>The square of a distance as spreads have it, in the unit of distances between centres.</summary>
    double Square(double distance) => distance * distance;

    /// <summary>What a row of a distance adds to the mean loss that monitoring compares: the objective of a row.</summary>
    double Loss(double distance) => distance * distance;

    /// <summary>Labels of rows and their distances (not squared) to the centres of those labels.</summary>
    /// <param name="rows">Finite rows of as many columns as the model has.</param>
    /// <param name="labels">Out: one a row, a place in the parameters.</param>
    /// <param name="distances">Out: one a row; infinite where the row is so far away that float64 cannot hold what the label follows from,
    /// NaN where a row of zeros has no direction to measure by.</param>
    /// <param name="parallel">Where slices run.</param>
    void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel);
}

/// <summary>The same of sparse rows, which need not be made dense.</summary>
public interface ISparseLabels
{
    /// <inheritdoc cref="ILabels.Assign"/>
    void Assign(SparseBlock rows, Span<int> labels, Span<double> distances, IParallel parallel);
}

/// <summary>A model that tells how probable a row is, and by which of its parts.</summary>
public interface IDensities
{
    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    double Threshold { get; }

    /// <summary>Log-densities and responsibilities.</summary>
    /// <param name="rows">Finite rows of as many columns as the model has.</param>
    /// <param name="top">Parts to tell of each row, at most as many as there are.</param>
    /// <param name="logDensities">Out: ln p(x), one a row; −∞ where the row is so far away that float64 cannot hold it.</param>
    /// <param name="parts">Out: rows × top places by descending responsibility, the row's label first; −1 where no further one has any.</param>
    /// <param name="responsibilities">Out: rows × top.</param>
    /// <param name="parallel">Where slices run.</param>
    void Score(RowBlock rows, int top, Span<double> logDensities, Span<int> parts, Span<double> responsibilities, IParallel parallel);
}

/// <summary>A model that rows can be drawn from.</summary>
public interface ISamples
{
    /// <summary>Draws rows: row i is a function of model, seed, part and i alone.</summary>
    /// <param name="seed">Of the draws.</param>
    /// <param name="part">Place of the part that all rows come from; −1: each row from one drawn by weight.</param>
    /// <param name="firstRow">Number of the first row.</param>
    /// <param name="values">Out: rows × columns.</param>
    /// <param name="parts">Out: the part that each row comes from.</param>
    /// <param name="parallel">Where slices run.</param>
    void Sample(ulong seed, int part, long firstRow, double[] values, int[] parts, IParallel parallel);
}

/// <summary>A model whose density can be compared with another one's.</summary>
public interface IDivergences
{
    /// <summary>The Kullback–Leibler divergence from this model to another one in the same columns, over drawn rows.</summary>
    /// <param name="other">A model of the same kind.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="firstRow">Number of the first row.</param>
    /// <param name="rows">Rows to draw.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <returns>The estimate; null: the other is of another kind.</returns>
    MonteCarloEstimate? Diverge(IDivergences other, ulong seed, long firstRow, int rows, IParallel parallel);
}

/// <summary>What capabilities are called, and what to say where one is missing.</summary>
public static class Capabilities
{
    private static readonly ImmutableArray<(Type Type, ImmutableArray<string> Names)> Known =
    [
        (typeof(ILabels), [CapabilityNames.Labels, CapabilityNames.Distances]),
        (typeof(IDensities), [CapabilityNames.Densities, CapabilityNames.Responsibilities]),
        (typeof(ISamples), [CapabilityNames.Samples]),
        (typeof(IDivergences), [CapabilityNames.Divergences]),
    ];

    /// <summary>Names of what can be asked of prepared models of a type.</summary>
    public static ImmutableArray<string> Of(Type prepared) => [.. Known.Where(known => known.Type.IsAssignableFrom(prepared)).SelectMany(known => known.Names)];

    /// <summary>The model, as what is to be asked of it.</summary>
    /// <typeparam name="T">One of the capabilities.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="name">Its name, for the message.</param>
    /// <exception cref="ClusteringException">It lacks the capability.</exception>
    public static T Ask<T>(this PreparedModel model, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as T ?? throw new ClusteringException(
            CapabilityNames.Missing($"The model '{name}'", model.Family.Description.Title, Known.First(known => known.Type == typeof(T)).Names,
                model.Family.Capabilities));
    }
}
