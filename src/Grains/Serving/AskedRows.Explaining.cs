using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <content>Why the rows belong to their clusters.</content>
internal sealed partial class AskedRows
{
    /// <summary>Why the rows belong to their clusters, whose places in the parameters are told.</summary>
    /// <param name="labels">Tells the clusters of rows as the model sees them.</param>
    /// <param name="explainer">What explains rows as the model sees them.</param>
    /// <param name="version">The version that answers.</param>
    /// <param name="measure">What the fit is called.</param>
    /// <param name="parallel">Where slices run.</param>
    public Explanations Explain(Func<RowBlock, Assignments> labels, IRowExplainer explainer, int version, string measure, IParallel parallel)
    {
        RowBlock? seen = null;
        int[] clusters = MemoryMarshal.Cast<byte, int>(Answer(rows => labels(seen = rows), parallel).Labels.Span).ToArray();
        PreparedExplainer? told = _fitted is null ? null : new PreparedExplainer(_fitted, _asked, explainer);
        var rows = new ExplainedRow[_rows.Rows];
        parallel.For(rows.Length, i =>
        {
            var values = new double[seen!.Columns];
            seen.CopyRow(i, values);
            rows[i] = told is { IsSeparate: true } ? Told(told, i, values, clusters[i]) : Told(explainer.Explain(values, clusters[i]), values);
        });
        var answer = new Explanations { Version = version, Measure = measure, Rows = [.. rows] };
        if (told is null)
            return answer;
        return !told.IsSeparate ? answer with { Columns = _fitted!.Outputs, ArePrepared = true } : answer with
        {
            Columns = [.. _fitted!.Inputs.Select(input => input.Name)],
            Types = [.. _fitted.Inputs.Select(input => RowColumn.NameOf(input.Type))],
        };
    }

    private ExplainedRow Told(PreparedExplainer told, int at, double[] prepared, int cluster)
    {
        var row = new double[_rows.Columns];
        _rows.CopyRow(at, row);
        PreparedRow found = told.Explain(row, prepared, cluster);
        return Told(found.Row, []) with
        {
            Columns =
            [
                .. _fitted!.Inputs.Select((input, j) =>
                {
                    int place = told.Places[j];
                    bool isText = input.Type == ColumnType.Category;
                    return new ExplainedColumn
                    {
                        Value = isText ? double.NaN : row[place],
                        Text = isText && !double.IsNaN(row[place]) ? _asked[place].Categories[(int)row[place]] : "",
                        Own = found.Parts[j],
                        Against = found.Against[j],
                        Boundary = isText ? double.NaN : found.Boundaries[j],
                        BoundaryText = isText && !double.IsNaN(found.Boundaries[j]) ? found.Texts[j][(int)found.Boundaries[j]] : "",
                    };
                }),
            ],
        };
    }

    private static ExplainedRow Told(RowExplanation found, double[] values) => new()
    {
        Cluster = found.Cluster,
        RunnerUp = found.RunnerUp,
        Fit = found.Fit,
        Lead = found.Lead,
        Constant = found.Constant,
        Columns =
        [
            .. values.Select((value, j) =>
                new ExplainedColumn { Value = value, Own = found.Parts[j], Against = found.Against[j], Boundary = found.Boundaries[j] }),
        ],
    };
}
