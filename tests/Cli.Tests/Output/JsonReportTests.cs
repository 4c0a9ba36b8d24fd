using System.Text;
using System.Text.Json;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;

namespace OrleansCluster.Cli.Tests;

/// <summary>Numbers that JSON has no word for.</summary>
public sealed class JsonReportTests
{
    [Fact]
    public void An_infinity_is_told_from_no_value() =>
        Encoding.UTF8.GetString(JsonReport.Encode(json => WriteAll(json, [double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0.5])))
            .ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe("[\"Infinity\",\"-Infinity\",null,0.5]");

    [Fact]
    public void The_best_Calinski_Harabasz_index_there_is_has_a_word()
    {
        string json = Encoding.UTF8.GetString(JsonReport.Encode(json => TrainingJson.Write(json, Samples.Choice(), 0, new ClusterNames([]))));
        json.ShouldContain("\"calinski_harabasz\": \"Infinity\"");
        json.ShouldContain("\"davies_bouldin\": null");
    }

    private static void WriteAll(Utf8JsonWriter json, double[] values)
    {
        json.WriteStartArray();
        foreach (double value in values)
            json.WriteRealValue(value);
        json.WriteEndArray();
    }
}
