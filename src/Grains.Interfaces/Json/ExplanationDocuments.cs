using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Serving;

namespace OrleansCluster.Json;

/// <summary>Explanations as documents.</summary>
public static class ExplanationDocuments
{
    /// <param name="model">Name of the model.</param>
    /// <param name="columns">Names of its columns, where the answer has none.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="ids">One a row, or none.</param>
    /// <param name="time">How a time is told.</param>
    public static ExplanationsDocument Of(
        string model, ImmutableArray<string> columns, Explanations answer, IReadOnlyList<string>? ids, Func<double, string> time)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ImmutableArray<string> names = answer.Columns.IsDefaultOrEmpty ? columns : answer.Columns;
        return new ExplanationsDocument
        {
            Model = model,
            Version = answer.Version,
            Measure = answer.Measure,
            Prepared = answer.ArePrepared,
            Rows = [.. answer.Rows.Select((row, i) => new ExplainedRowDocument
            {
                Row = i,
                Id = ids is { Count: > 0 } ? ids[i] : null,
                Cluster = row.Cluster,
                RunnerUp = row.RunnerUp < 0 ? null : row.RunnerUp,
                Fit = row.Fit,
                Lead = double.IsNaN(row.Lead) ? null : row.Lead,
                Constant = row.Constant,
                Columns = [.. row.Columns.Select((column, j) => new ExplainedColumnDocument
                {
                    Column = names[j],
                    Value = Value(column.Value, column.Text, TypeOf(answer, j), time),
                    Own = column.Own,
                    Against = column.Against,
                    Boundary = Value(column.Boundary, column.BoundaryText, TypeOf(answer, j), time),
                })],
            })],
        };
    }

    /// <summary>A value as it is told; null: there is none.</summary>
    private static JsonValue? Value(double value, string text, string type, Func<double, string> time) => text.Length > 0 ? JsonValue.Create(text)
        : double.IsNaN(value) ? null
        : type switch
        {
            "boolean" => JsonValue.Create(value > 0),
            "datetime" => JsonValue.Create(time(value)),
            _ => JsonValue.Create(value),
        };

    private static string TypeOf(Explanations answer, int column) => answer.Types.IsDefaultOrEmpty ? "number" : answer.Types[column];
}
