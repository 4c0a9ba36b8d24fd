using System.Text.Json;
using OrleansCluster.Datasets;

namespace OrleansCluster.Web.Rows;

/// <summary>Numbers in JSON, most of which have few digits.</summary>
internal static class JsonNumbers
{
    /// <summary>The float64 nearest to a number, as <see cref="Utf8JsonReader.GetDouble"/> has it: read as those of tables are, which takes less.</summary>
    /// <param name="json">At the number.</param>
    /// <param name="value">The number; infinite, or nothing, where it is beyond the range.</param>
    /// <returns>False: it is beyond the range.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out double value)
    {
        value = 0;
        return (!json.HasValueSequence && NumberText.TryParse(json.ValueSpan, out value)) || json.TryGetDouble(out value);
    }
}
