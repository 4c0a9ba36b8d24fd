using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>Options as a JSON object, by the names that they have there. Rows to start from stay out of it.</summary>
public static class OptionsJson
{
    /// <summary>All options with their values, in the family's order.</summary>
    public static JsonObject Write(ITrainingOptions options)
    {
        var json = new JsonObject();
        foreach (OptionInfo option in OptionList.Of(options))
        {
            if (option.Kind != OptionKind.Rows)
                json[option.JsonName] = Value(option, option.Read(options));
        }

        return json;
    }

    /// <summary>
    /// The options that an object says; what it does not say is as it is when nobody says anything, and what the family does not know is passed over.
    /// </summary>
    /// <exception cref="ClusteringException">A value is of another kind.</exception>
    public static ITrainingOptions Read(FamilyDescription family, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(json);
        ITrainingOptions options = family.Defaults;
        foreach (OptionInfo option in family.Options)
        {
            if (option.Kind == OptionKind.Rows || json[option.JsonName] is not JsonValue value)
                continue;
            string text = Text(value);
            // Words are checked when a training begins: another build may have known more of them.
            if (option.Kind != OptionKind.Word && option.Problem(text) is { } problem)
                throw new ClusteringException($"{option.JsonName} is {text}, which {problem}.");
            options = option.Write(options, text);
        }

        return options;
    }

    /// <summary>A JSON Schema (draft 2020-12) of the object.</summary>
    public static JsonObject Schema(FamilyDescription family)
    {
        ArgumentNullException.ThrowIfNull(family);
        var properties = new JsonObject();
        foreach (OptionInfo option in family.Options)
        {
            if (option.Kind != OptionKind.Rows)
                properties[option.JsonName] = Schema(option);
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = family.Title,
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray("k"),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Schema(OptionInfo option)
    {
        var schema = new JsonObject { ["description"] = option.Help };
        switch (option.Kind)
        {
            case OptionKind.Counts:
                schema["oneOf"] = new JsonArray(
                    new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
                        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+([.]{2}[0-9]+)?(,[0-9]+([.]{2}[0-9]+)?)*$" });
                break;
            case OptionKind.Integer or OptionKind.Real or OptionKind.Seed:
                schema["type"] = option.Kind == OptionKind.Real ? "number" : "integer";
                if (option.Kind == OptionKind.Seed)
                    schema["minimum"] = 0;
                else if (double.IsFinite(option.Minimum))
                    schema["minimum"] = option.Minimum;
                if (double.IsFinite(option.Maximum))
                    schema[option.IsBelow ? "exclusiveMaximum" : "maximum"] = option.Maximum;
                break;
            case OptionKind.Flag:
                schema["type"] = "boolean";
                break;
            case OptionKind.Word:
                schema["enum"] = new JsonArray([.. option.Words.Select(word => (JsonNode)word)]);
                break;
        }

        if (option.Default.Length > 0)
            schema["default"] = Value(option, option.Default);
        return schema;
    }

    /// <summary>The value of an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="text">Its value as <see cref="OptionInfo.Read"/> tells it.</param>
    public static JsonValue Value(OptionInfo option, string text) => option.Kind switch
    {
        OptionKind.Counts when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int k) => JsonValue.Create(k),
        OptionKind.Integer => JsonValue.Create(int.Parse(text, CultureInfo.InvariantCulture)),
        // JSON has no number that is not finite; what nothing can be is told as it is, so that whoever reads it says so.
        OptionKind.Real => double.Parse(text, CultureInfo.InvariantCulture) is var real && double.IsFinite(real) ? JsonValue.Create(real)
            : JsonValue.Create(text)!,
        OptionKind.Seed => JsonValue.Create(ulong.Parse(text, CultureInfo.InvariantCulture)),
        OptionKind.Flag => JsonValue.Create(text == "true"),
        _ => JsonValue.Create(text)!,
    };

    private static string Text(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToJsonString(),
    };
}
