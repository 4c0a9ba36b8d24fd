using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Requests as JSON: as the document says, and as version 0.1.0 wrote them.</summary>
/// <param name="families">Whose options are read.</param>
public sealed class RequestJson(FamilyRegistry families) : JsonConverter<TrainingRequest>
{
    public override TrainingRequest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject json)
            return null;
        RequestDocument document = (json.ContainsKey(nameof(TrainingRequest.Dataset)) ? Earlier(json) : json)
            .Deserialize(ContractJson.Default.RequestDocument)!;
        return new TrainingRequest
        {
            Dataset = document.Dataset,
            DatasetVersion = document.DatasetVersion,
            Model = document.Model,
            Options = document.Family.Length == 0 ? null : OptionsJson.Read(families.Find(document.Family).Description, document.Options ?? []),
            Parent = document.Parent,
            By = document.By,
            Retraining = Words.Retraining(document.Retraining),
            Preparation = document.Preparation ?? "",
            OnTrial = document.OnTrial,
            Adapts = document.Adapt,
            KeepsThreshold = document.KeepThreshold,
        };
    }

    public override void Write(Utf8JsonWriter writer, TrainingRequest value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, RequestDocuments.Of(value), ContractJson.Default.RequestDocument);
    }

    /// <summary>Each family's options were a property of its own.</summary>
    private JsonObject Earlier(JsonObject json)
    {
        var document = (JsonObject)EarlierNames.Translate(json)!;
        foreach (IFamily family in families.All)
        {
            if (EarlierOptions.Take(document, family.Description) is { } found)
                (document["family"], document["options"]) = (family.Description.Name, found);
        }

        return document;
    }
}
