using System.Globalization;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Families;

namespace OrleansCluster.Json;

/// <summary>Options as version 0.1.0 wrote them, whose names were translated already.</summary>
internal static class EarlierOptions
{
    /// <summary>Takes a family's options out of an object; null: there are none of this family.</summary>
    public static JsonObject? Take(JsonObject from, FamilyDescription family)
    {
        if (family.EarlierName.Length == 0)
            return null;
        string name = EarlierNames.Translate(family.EarlierName);
        JsonNode? found = from[name];
        from.Remove(name);
        return found is JsonObject options ? Counted(options) : null;
    }

    /// <summary>The greatest number of clusters was an option of its own.</summary>
    public static JsonObject Counted(JsonObject options)
    {
        int largest = options["largest_k"]?.GetValue<int>() ?? 0;
        if (largest > 0)
            options["k"] = string.Create(CultureInfo.InvariantCulture, $"{options["k"]!.GetValue<int>()}..{largest}");
        return options;
    }
}
