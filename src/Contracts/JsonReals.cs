using System.Text.Json;

namespace OrleansCluster.Contracts;

/// <summary>Numbers in JSON that is written by hand.</summary>
public static class JsonReals
{
    /// <summary>
    /// A number; JSON has no word for what is not finite: what has no value becomes null, and an infinity the word, as "no value" would be the contrary.
    /// </summary>
    public static void WriteRealValue(this Utf8JsonWriter json, double value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else if (double.IsNaN(value))
            json.WriteNullValue();
        else
            json.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
    }

    /// <inheritdoc cref="WriteRealValue"/>
    public static void WriteReal(this Utf8JsonWriter json, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WritePropertyName(name);
        json.WriteRealValue(value);
    }
}
