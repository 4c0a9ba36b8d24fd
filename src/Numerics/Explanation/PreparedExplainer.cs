using System.Collections.Immutable;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Explanation;

/// <summary>
/// Explains rows in the columns that they had before they were prepared: what prepared columns of one column say is added up, and what a step did to a value
/// is taken back. A value that is found so counts only when the changed row, prepared again, is where it should be. Categories and booleans are tried one by
/// one.
/// </summary>
public sealed class PreparedExplainer
{
    /// <summary>How near to 0 the lead must be at a boundary that was carried back, relative to the lead before.</summary>
    private const double Near = 1e-6;

    private readonly FittedPreparation _fitted;
    private readonly ImmutableArray<RowColumn> _columns;
    private readonly BoundPreparation _preparation;
    private readonly ImmutableArray<int> _origins;
    private readonly IRowExplainer _explainer;

    /// <param name="fitted">The preparation.</param>
    /// <param name="columns">The columns of the rows.</param>
    /// <param name="explainer">What explains rows in prepared columns.</param>
    /// <exception cref="TrainingException">A column that is needed is not there, or of another type.</exception>
    public PreparedExplainer(FittedPreparation fitted, ImmutableArray<RowColumn> columns, IRowExplainer explainer)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        _fitted = fitted;
        // Any category of the training rows may be tried, whether the rows have it or not.
        _columns = [.. columns.Select(column => fitted.Inputs.FirstOrDefault(input => input.Name == column.Name) is { } input
            ? column with { Categories = [.. column.Categories, .. input.Categories.Except(column.Categories, StringComparer.Ordinal)] }
            : column)];
        Places = [.. fitted.Inputs.Select(input => columns.IndexOf(columns.First(column => column.Name == input.Name)))];
        _preparation = fitted.Bind(_columns);
        _origins = _preparation.Origins();
        _explainer = explainer;
    }

    /// <summary>Which column of the rows each input of the preparation is.</summary>
    public ImmutableArray<int> Places { get; }

    /// <summary>Whether every prepared column comes of one column alone. Where one comes of several, as principal axes do, rows are told as prepared.</summary>
    public bool IsSeparate => !_origins.Contains(-1);

    /// <summary>Why a row belongs to its cluster.</summary>
    /// <param name="row">The row before it was prepared, of as many values as there are columns.</param>
    /// <param name="prepared">The row as it was prepared.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    public PreparedRow Explain(ReadOnlySpan<double> row, ReadOnlySpan<double> prepared, int cluster)
    {
        RowExplanation found = _explainer.Explain(prepared, cluster);
        int inputs = _fitted.Inputs.Length;
        double[] parts = new double[inputs], against = new double[inputs], boundaries = new double[inputs];
        for (int j = 0; j < _origins.Length; j++)
        {
            parts[_origins[j]] += found.Parts[j];
            against[_origins[j]] += found.Against[j];
        }

        for (int input = 0; input < inputs; input++)
            boundaries[input] = found.RunnerUp < 0 ? double.NaN : Boundary(row, prepared, input, found);
        return new PreparedRow(found, [.. parts], [.. against], [.. boundaries], [.. Places.Select(place => _columns[place].Categories)]);
    }

    private double Boundary(ReadOnlySpan<double> row, ReadOnlySpan<double> prepared, int input, RowExplanation found)
    {
        double[] changed = row.ToArray();
        ref double value = ref changed[Places[input]];
        double old = value;
        switch (_fitted.Inputs[input].Type)
        {
            case ColumnType.Boolean:
                value = old == 1 ? 0 : 1;
                return _explainer.Best(Prepare(changed)) == found.RunnerUp ? value : double.NaN;
            case ColumnType.Category:
                foreach (string text in _fitted.Inputs[input].Categories.Order(StringComparer.Ordinal))
                {
                    value = _columns[Places[input]].Categories.IndexOf(text);
                    if (value != old && _explainer.Best(Prepare(changed)) == found.RunnerUp)
                        return value;
                }

                return double.NaN;
            default:
                int[] of = [.. Enumerable.Range(0, _origins.Length).Where(j => _origins[j] == input && !double.IsNaN(found.Boundaries[j]))];
                foreach (int j in of)
                {
                    double[] there = prepared.ToArray();
                    there[j] = found.Boundaries[j];
                    ToldRow told = _fitted.Undo(there);
                    int at = told.Names.ToList().IndexOf(_fitted.Inputs[input].Name);
                    if (at < 0 || !double.IsFinite(told.Values[at]))
                        continue;
                    value = told.Values[at];
                    double[] again = Prepare(changed);
                    if (again.All(double.IsFinite) && Math.Abs(Lead(again, found)) <= Near * (1 + Math.Abs(found.Lead)))
                        return value;
                }

                return double.NaN;
        }
    }

    /// <summary>How much better the cluster fits than the one that was next best.</summary>
    private double Lead(double[] prepared, RowExplanation found)
    {
        RowExplanation there = _explainer.Explain(prepared, found.Cluster);
        return there.RunnerUp == found.RunnerUp ? there.Lead : double.PositiveInfinity;
    }

    private double[] Prepare(double[] row) => _preparation.Prepare(new RowBlock(row, _columns.Length), Sequential.Instance).Float64.ToArray();
}
