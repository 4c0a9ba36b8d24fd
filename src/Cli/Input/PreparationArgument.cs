using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Preparation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OrleansCluster.Cli.Input;

/// <summary>
/// What <c>--prepare</c> says: steps as text, or a file: of JSON, <c>[{"step": "scale", "value": "standard", "columns": ["age"]}]</c>, or of YAML that says
/// the same.
/// </summary>
internal static class PreparationArgument
{
    /// <exception cref="CommandException">It is no preparation.</exception>
    public static PreparationSpec Read(string? text)
    {
        try
        {
            return text is null ? PreparationSpec.None
                : text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? PreparationSpec.Of(ReadFile(text, ReadJson))
                : text.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || text.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
                    ? PreparationSpec.Of(ReadFile(text, ReadYaml))
                : PreparationSpec.Parse(text);
        }
        catch (TrainingException e)
        {
            throw CommandException.Usage(e.Message, e);
        }
    }

    private static IEnumerable<StepRequest> ReadFile(string path, Func<string, JsonDocument> read)
    {
        try
        {
            using JsonDocument json = read(path);
            return [.. json.RootElement.EnumerateArray().Select(step => Step(path, step))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--prepare {path} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CommandException.Usage(
                $"{path} is no list of steps such as [{{\"step\": \"scale\", \"value\": \"standard\", \"columns\": [\"age\"]}}]: {e.Message}", e);
        }
        catch (YamlException e)
        {
            throw CommandException.Usage($"{path}, line {e.Start.Line}: this is no YAML: {e.Message}", e);
        }
    }

    private static JsonDocument ReadJson(string path) => JsonDocument.Parse(
        File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    private static JsonDocument ReadYaml(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        return JsonSerializer.SerializeToDocument(yaml.Documents.Count == 1 ? Json(yaml.Documents[0].RootNode) : null);
    }

    /// <summary>The same in JSON; numbers are texts, as they are in steps.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), Json(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };

    private static StepRequest Step(string path, JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name is not ("step" or "value" or "columns"))
                throw CommandException.Usage($"{path}: a step has no '{property.Name}', only step, value and columns.");
        }

        if (!json.TryGetProperty("step", out JsonElement kind))
            throw CommandException.Usage($"{path}: a step lacks its name: {{\"step\": \"scale\"}}.");
        string value = json.TryGetProperty("value", out JsonElement given) ? given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText()
            : "";
        string[] columns = json.TryGetProperty("columns", out JsonElement names) ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")] : [];
        return new StepRequest(kind.GetString() ?? "", value, [.. columns]);
    }
}
