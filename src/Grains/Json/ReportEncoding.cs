using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>A training report as a blob: JSON with a format version, so that people can read a model's lineage without this program.</summary>
internal static class ReportEncoding
{
    public static byte[] Encode(TrainingReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(new ReportFile { Report = ReportDocuments.Of(report) }, ContractJson.Default.ReportFile);

    /// <exception cref="ClusteringException">The bytes are no report, or one of a newer program.</exception>
    public static TrainingReport Decode(FamilyRegistry families, byte[] bytes) => Documents.Read(
        bytes, "training report", ReportFile.Format, ContractJson.Default.ReportFile, file => ReportJson.Read(families, file.Report), file =>
            Earlier(families, file));

    /// <summary>Version 0.1.0 wrote for each family what it had to say under a name of the family's own.</summary>
    private static void Earlier(FamilyRegistry families, JsonObject file)
    {
        if (file["report"] is not JsonObject report)
            return;
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
            report["part_measures"] = new JsonArray([.. from member in told where member.Value is JsonArray { Count: > 0 } values
                && values[0] is JsonValue select Named(member.Key, "values", member.Value)]);
        }
    }

    private static JsonObject Named(string name, string what, JsonNode value) => new JsonObject { ["name"] = name, [what] = value.DeepClone() };
}
