using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>Types of columns as people write them: <c>when=datetime,plz=category</c>.</summary>
internal static class TypeChoice
{
    /// <summary>What somebody says, or a model knows, that columns are, by their positions.</summary>
    /// <param name="options">Says it.</param>
    /// <param name="names">The columns.</param>
    /// <exception cref="DataFormatException">There is no such column or type.</exception>
    public static Dictionary<int, ColumnType> Of(ReadOptions options, ColumnNames names)
    {
        Dictionary<int, ColumnType> said = Find(options.Types, names, "--types");
        foreach ((string column, ColumnType type) in options.KnownTypes ?? ImmutableDictionary<string, ColumnType>.Empty)
        {
            if (names.Place(column) is >= 0 and var position)
                said.TryAdd(position, type);
        }

        return said;
    }

    /// <summary>Types by the positions of columns.</summary>
    /// <param name="list">The list; null: none.</param>
    /// <param name="names">The columns.</param>
    /// <param name="option">What messages call the list.</param>
    /// <exception cref="DataFormatException">There is no such column or type.</exception>
    public static Dictionary<int, ColumnType> Find(string? list, ColumnNames names, string option)
    {
        if (list is ['@', .. var file])
            return Read(file, names, option);
        var types = new Dictionary<int, ColumnType>();
        foreach (string item in list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            int equals = item.LastIndexOf('=');
            if (equals < 1 || RowColumn.TypeOf(item[(equals + 1)..].Trim()) is not { } type)
                throw names.Error($"{option} has '{item}', which is no COLUMN=TYPE: the types are number, category, boolean and datetime");
            if (!types.TryAdd(names.Find(item[..equals].Trim(), option), type))
                throw names.Error($"{option} names the column of '{item}' twice: once is enough");
        }

        return types;
    }

    /// <summary>Types of a JSON file: <c>{"when": "datetime", "zip": "category"}</c>.</summary>
    private static Dictionary<int, ColumnType> Read(string file, ColumnNames names, string option)
    {
        try
        {
            using var json = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var types = new Dictionary<int, ColumnType>();
            foreach (JsonProperty column in json.RootElement.EnumerateObject())
            {
                if (column.Value.ValueKind != JsonValueKind.String || RowColumn.TypeOf(column.Value.GetString()!) is not { } type)
                    throw new DataFormatException($"{file}: '{column.Name}' has {column.Value.GetRawText()} for its type: the types are "
                        + "\"number\", \"category\", \"boolean\" and \"datetime\".");
                if (!types.TryAdd(names.Find(column.Name, $"{option} {file}"), type))
                    throw new DataFormatException($"{file} names the column '{column.Name}' twice: once is enough.");
            }

            return types;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{option} @{file} cannot be read: {FileFailure.Reason(e)}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataFormatException($"{file} is no JSON object of columns and types, such as {{\"when\": \"datetime\", \"zip\": \"category\"}}: "
                + $"{e.Message.Split('.')[0]}.", e);
        }
    }
}
