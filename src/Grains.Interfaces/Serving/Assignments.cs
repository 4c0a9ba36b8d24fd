namespace OrleansCluster.Serving;

/// <summary>Rows to assign: row-major, little-endian, in the model's column order.</summary>
[GenerateSerializer, Immutable, Alias("oc.RowsPayload")]
public sealed record RowsPayload
{
    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [Id(0)] public required string Precision { get; init; }

    [Id(1)] public required int Columns { get; init; }

    /// <summary>rows × columns values.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Values { get; init; }
}

/// <summary>Which cluster each row belongs to.</summary>
[GenerateSerializer, Immutable, Alias("oc.Assignments")]
public sealed record Assignments
{
    /// <summary>The version that answered.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>One int32 a row, little-endian.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Labels { get; init; }

    /// <summary>One float64 a row, little-endian: the distance (not squared) to the row's centre.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Distances { get; init; }
}
