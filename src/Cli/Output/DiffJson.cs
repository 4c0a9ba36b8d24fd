using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Output;

/// <summary>What became of clusters between two versions, as JSON.</summary>
internal static class DiffJson
{
    public static void Write(Utf8JsonWriter json, VersionDiff diff)
    {
        VersionAlignment alignment = diff.Alignment;
        json.WriteStartObject();
        json.WriteString("model", diff.After.Name);
        json.WriteNumber("from", alignment.From);
        json.WriteNumber("to", alignment.To);
        json.WriteString("cost", alignment.Cost);
        json.WriteReal("limit", alignment.Limit);
        WriteReal(json, "churn", diff.HasAnchors ? alignment.Churn : null);
        WriteReal(json, "adjusted_rand", diff.HasAnchors ? alignment.AdjustedRand : null);
        json.WriteReal("anchor_weight", alignment.AnchorWeight);
        WriteReal(json, "least_confidence", alignment.LeastConfidence());
        json.WriteStartArray("clusters");
        foreach (ClusterLineage cluster in diff.Clusters)
        {
            json.WriteStartObject();
            json.WriteCluster(cluster.Label, diff.Names);
            json.WriteNumber("index", cluster.Index);
            json.WriteBoolean("born", cluster.Born);
            WriteSize(json, "size_before", diff.SizeBefore(cluster.Label));
            WriteSize(json, "size", diff.SizeAfter(cluster.Label));
            WriteReal(json, "cost", cluster.Cost);
            WriteReal(json, "confidence", cluster.Confidence);
            WriteReal(json, "moved", cluster.Moved);
            WriteReal(json, "jaccard", cluster.Jaccard);
            WriteSize(json, "split_from", cluster.SplitFrom);
            WriteReal(json, "split_share", cluster.SplitShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("died");
        foreach (ClusterEnd end in diff.Died)
        {
            json.WriteStartObject();
            json.WriteCluster(end.Label, diff.Names);
            WriteSize(json, "size_before", diff.SizeBefore(end.Label));
            WriteSize(json, "merged_into", end.MergedInto);
            WriteReal(json, "merged_share", end.MergedShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("flows");
        foreach (ClusterFlow flow in alignment.Flows)
        {
            json.WriteStartObject();
            json.WriteNumber("from", flow.From);
            json.WriteNumber("to", flow.To);
            json.WriteReal("weight", flow.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteReal(Utf8JsonWriter json, string name, double? value) => json.WriteReal(name, value ?? double.NaN);

    private static void WriteSize(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } size)
            json.WriteNumber(name, size);
        else
            json.WriteNull(name);
    }
}
