using System.Text;
using System.Text.Json.Nodes;

namespace OrleansCluster.Contracts;

/// <summary>Version 0.1.0 wrote properties under the names that its code had for them (<c>MaxIterations</c>).</summary>
public static class EarlierNames
{
    /// <summary>The same value with names as documents have them (<c>max_iterations</c>), at any depth.</summary>
    public static JsonNode? Translate(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(Translate(member.Key), Translate(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Translate)]),
        _ => value?.DeepClone(),
    };

    /// <summary>A name as documents have it.</summary>
    public static string Translate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var translated = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]) && i > 0)
                translated.Append('_');
            translated.Append(char.ToLowerInvariant(name[i]));
        }

        return translated.ToString();
    }
}
