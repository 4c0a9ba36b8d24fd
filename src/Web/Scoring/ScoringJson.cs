using System.Text.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Scoring;

/// <summary>Rows as MLflow's clients send them.</summary>
internal static class ScoringJson
{
    private const string Ways = "dataframe_split, dataframe_records, instances or inputs";

    /// <summary>Reads a body.</summary>
    /// <exception cref="ProblemException">It is none of the four ways to send rows; the message says where.</exception>
    public static AskedRows Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body.Span, JsonTable.Options);
            return Read(ref json);
        }
        catch (JsonException broken)
        {
            throw Bodies.Explain(broken);
        }
    }

    private static AskedRows Read(ref Utf8JsonReader json)
    {
        var table = new JsonTable();
        string? way = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw ProblemException.Content($"The body must be an object with {Ways}.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string member = Bodies.Text(ref json);
            json.Read();
            if (member == "params")
            {
                CheckParameters(ref json);
                continue;
            }

            if (member is not ("dataframe_split" or "dataframe_records" or "instances" or "inputs"))
                throw ProblemException.Content($"Nothing knows the member '{member}': send rows as {Ways}.");
            if (way is not null)
                throw ProblemException.Content($"The rows come both as {way} and as {member}: send them one way.");
            way = member;
            if (member == "dataframe_split")
                ReadSplit(ref json, table);
            else if (json.TokenType == JsonTokenType.StartObject && member != "dataframe_records")
                table.ReadColumns(ref json, member);
            else
                table.ReadRows(ref json, member);
        }

        if (json.Read())
            throw ProblemException.Content("Something follows the JSON object: send one.");
        return way is null ? throw ProblemException.Content($"The body has no rows: send them as {Ways}.") : table.ToRows();
    }

    private static void ReadSplit(ref Utf8JsonReader json, JsonTable table)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw ProblemException.Content("dataframe_split must be an object with columns and data.");
        bool hasData = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string member = Bodies.Text(ref json);
            json.Read();
            switch (member)
            {
                case "columns":
                    table.Name(JsonTable.Texts(ref json, "columns", numbers: true));
                    break;
                case "data":
                    table.ReadRows(ref json, "data");
                    hasData = true;
                    break;
                case "index":
                    json.Skip();
                    break;
                default:
                    throw ProblemException.Content($"Nothing knows the member '{member}' of dataframe_split: there are columns, index and data.");
            }
        }

        if (!hasData)
            throw ProblemException.Content("dataframe_split has no data.");
    }

    /// <summary>There is nothing that could be asked for besides labels; who asks for something is told so.</summary>
    private static void CheckParameters(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return;
        if (json.TokenType != JsonTokenType.StartObject || !json.Read() || json.TokenType != JsonTokenType.EndObject)
            throw ProblemException.Content("These models take no params: leave them out.");
    }
}
