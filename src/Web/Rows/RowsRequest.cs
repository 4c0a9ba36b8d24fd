using System.Text.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>Rows as the native API is asked about them: <c>{"columns": ["x", "y"], "rows": [[1, 2]], "ids": ["a"]}</c>.</summary>
internal sealed record RowsRequest(AskedRows Rows, int? Top, string[]? Labels)
{
    private static readonly string[] Members = ["rows", "columns", "ids", "labels", "top"];

    /// <summary>Reads a body.</summary>
    /// <exception cref="ProblemException">It says what nothing knows, or a value is no number; the message says where.</exception>
    public static RowsRequest Read(ReadOnlyMemory<byte> body)
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

    /// <summary>Refuses a member that another question takes.</summary>
    public static void Refuse(bool given, string member, string question)
    {
        if (given)
            throw ProblemException.Content($"The member '{member}' is for {question}: leave it out, or ask that.");
    }

    /// <summary>Which of the members is named here; −1: none.</summary>
    private static int Place(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped)
            return Array.IndexOf(Members, Bodies.Text(ref json));
        for (int place = 0; place < Members.Length; place++)
        {
            if (json.ValueTextEquals(Members[place]))
                return place;
        }

        return -1;
    }

    private static RowsRequest Read(ref Utf8JsonReader json)
    {
        var table = new JsonTable();
        (string[]? ids, string[]? labels, int? top, bool hasRows) = (null, null, null, false);
        int seen = 0;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw ProblemException.Content("The body must be an object with rows: {\"columns\": [\"x\", \"y\"], \"rows\": [[1, 2]]}.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            int place = Place(ref json);
            string member = place < 0 ? Bodies.Text(ref json) : Members[place];
            if (place >= 0 && (seen & (1 << place)) != 0)
                throw ProblemException.Content($"The member '{member}' is given twice: give it once.");
            seen |= place < 0 ? 0 : 1 << place;
            json.Read();
            switch (member)
            {
                case "columns":
                    if (json.TokenType != JsonTokenType.Null)
                        table.Name(JsonTable.Texts(ref json, "columns"));
                    break;
                case "rows":
                    table.ReadRows(ref json, "rows");
                    hasRows = true;
                    break;
                case "ids":
                    ids = json.TokenType == JsonTokenType.Null ? null : JsonTable.Texts(ref json, "ids", numbers: true);
                    break;
                case "labels":
                    labels = json.TokenType == JsonTokenType.Null ? null : JsonTable.Texts(ref json, "labels", numbers: true);
                    break;
                case "top":
                    top = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number) && number >= 1
                        ? number
                        : throw ProblemException.Content("top must be a whole number of at least 1.");
                    break;
                default:
                    throw ProblemException.Content($"Nothing knows the member '{member}': there are columns, rows, ids, top and labels.");
            }
        }

        if (json.Read())
            throw ProblemException.Content("Something follows the JSON object: send one.");
        return hasRows
            ? new RowsRequest(table.ToRows(ids), top, labels)
            : throw ProblemException.Content("The body has no rows: {\"columns\": [\"x\", \"y\"], \"rows\": [[1, 2]]}.");
    }
}
