using System.Text.Json;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Cli.Input;

/// <summary>What <c>--prepare</c> says: steps as text, or a JSON file: <c>[{"step": "scale", "value": "standard", "columns": ["age"]}]</c>.</summary>
internal static class PreparationArgument
{
    /// <exception cref="CommandException">It is no preparation.</exception>
    public static PreparationSpec Read(string? text)
    {
        try
        {
            return text is null ? PreparationSpec.None
                : text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? PreparationSpec.Of(ReadFile(text))
                : PreparationSpec.Parse(text);
        }
        catch (TrainingException e)
        {
            throw CommandException.Usage(e.Message, e);
        }
    }

    private static IEnumerable<StepRequest> ReadFile(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return [.. json.RootElement.EnumerateArray().Select(step => Step(path, step))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--prepare {path} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CommandException.Usage(
                $"{path} is no JSON list of steps such as [{{\"step\": \"scale\", \"value\": \"standard\", \"columns\": [\"age\"]}}]: {e.Message}", e);
        }
    }

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
