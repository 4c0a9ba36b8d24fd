using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>A training report as a blob: JSON with a format version, so that people can read a model's lineage without this program.</summary>
internal static class ReportEncoding
{
    public static byte[] Encode(FamilyRegistry families, TrainingReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(new ReportFile { Report = ReportJson.Write(families, report) }, ContractJson.Default.ReportFile);

    /// <exception cref="ClusteringException">The bytes are no report, or one of a newer program.</exception>
    public static TrainingReport Decode(FamilyRegistry families, byte[] bytes)
    {
        try
        {
            JsonObject json = JsonNode.Parse(bytes)?.AsObject() ?? throw new JsonException("It is empty.");
            if (json.ContainsKey("Format"))
                json = Earlier(families, json);
            ReportFile file = json.Deserialize(ContractJson.Default.ReportFile)!;
            return file.FormatVersion is > 0 and <= ReportFile.Format
                ? ReportJson.Read(families, file.Report)
                : throw new ClusteringException($"The training report has format {file.FormatVersion}, this program reads up to {ReportFile.Format}: use a newer one.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ClusteringException($"The training report cannot be read: {e.Message}");
        }
    }

    /// <summary>Version 0.1.0 wrote the names of its code, and for each family what it had to say under a name of the family's own.</summary>
    private static JsonObject Earlier(FamilyRegistry families, JsonObject json)
    {
        var file = (JsonObject)EarlierNames.Translate(json)!;
        if (file["report"] is not JsonObject report)
            return file;
        if (report["retraining"] is JsonValue number)
            report["retraining"] = Words.Retraining(number.GetValue<int>());
        foreach (IFamily family in families.All)
        {
            if (EarlierOptions.Take(report, family.Description) is not { } told)
                continue;
            report["family"] = family.Description.Name;
            // Options alone, or beside other things that were told.
            report["options"] = told["options"] is JsonObject options ? EarlierOptions.Counted((JsonObject)options.DeepClone()) : told;
            if (!told.ContainsKey("options"))
                continue;
            report["measures"] = new JsonArray([.. from member in told where member.Value is JsonValue select Named(member.Key, "value", member.Value)]);
            report["part_measures"] = new JsonArray([.. from member in told where member.Value is JsonArray { Count: > 0 } values && values[0] is JsonValue select Named(member.Key, "values", member.Value)]);
        }

        return file;
    }

    private static JsonObject Named(string name, string what, JsonNode value) => new JsonObject { ["name"] = name, [what] = value.DeepClone() };
}
