using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Models.Gates;

namespace OrleansCluster.Cli.Input;

/// <summary>A policy as JSON: <c>{"rules": [{"metric": "churn", "limit": 0.05, "otherwise": "challenger"}], "held_out": ""}</c>.</summary>
internal static class PolicyFile
{
    /// <summary>Reads a policy. Whether it can be carried out is decided where it is set.</summary>
    /// <exception cref="CommandException">The file is not there or no policy; the message says where.</exception>
    public static GatePolicy Read(string path)
    {
        if (!InputName.Exists(path))
            throw CommandException.Usage($"There is no file {path}.");
        try
        {
            using Stream file = path == InputName.StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement root = document.RootElement;
            Fields(path, "the policy", root, "rules", "held_out");
            JsonElement list = root.TryGetProperty("rules", out JsonElement rules) && rules.ValueKind == JsonValueKind.Array ? rules
                : throw Wrong(path, "the policy has no array \"rules\"");
            return new GatePolicy
            {
                Rules = [.. list.EnumerateArray().Select((rule, i) => Rule(path, $"rule {i + 1}", rule))],
                HeldOut = root.TryGetProperty("held_out", out JsonElement heldOut) ? Text(path, "\"held_out\"", heldOut) : "",
            };
        }
        catch (JsonException broken)
        {
            throw CommandException.Usage($"{path}, line {broken.LineNumber + 1}: this is no JSON ({broken.Message.Split('.')[0]}).", broken);
        }
    }

    /// <summary>The policy as <see cref="Read"/> takes it; null: none.</summary>
    public static void Write(Utf8JsonWriter json, GatePolicy? policy)
    {
        if (policy is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("rules");
        foreach (GateRule rule in policy.Rules)
        {
            json.WriteStartObject();
            json.WriteString("metric", rule.Metric);
            json.WriteReal("limit", rule.Limit);
            json.WriteString("otherwise", rule.Otherwise);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("held_out", policy.HeldOut);
        json.WriteEndObject();
    }

    private static GateRule Rule(string path, string where, JsonElement rule)
    {
        Fields(path, where, rule, "metric", "limit", "otherwise");
        string metric = rule.TryGetProperty("metric", out JsonElement name) ? Text(path, $"\"metric\" of {where}", name)
            : throw Wrong(path, $"{where} has no \"metric\"");
        if (!rule.TryGetProperty("limit", out JsonElement limit) || limit.ValueKind != JsonValueKind.Number)
            throw Wrong(path, $"{where} ({metric}) has no number \"limit\"");
        return new GateRule
        {
            Metric = metric,
            Limit = limit.GetDouble(),
            Otherwise = rule.TryGetProperty("otherwise", out JsonElement otherwise) ? Text(path, $"\"otherwise\" of {where}", otherwise)
                : GateVerdicts.Challenger,
        };
    }

    private static void Fields(string path, string where, JsonElement value, params ImmutableArray<string> known)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, $"{where} is no object");
        foreach (JsonProperty field in value.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                throw Wrong(path, $"{where} has a field \"{field.Name}\", which nothing knows: there are {string.Join(", ", known)}");
        }
    }

    private static string Text(string path, string where, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(path, $"{where} is no text");

    private static CommandException Wrong(string path, string what) => CommandException.Usage($"{path}: {what}.");
}
