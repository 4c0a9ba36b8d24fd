using System.Collections.Immutable;

namespace OrleansCluster.Client.Storage;

/// <summary>What a backup has.</summary>
/// <param name="Made">When it was made.</param>
/// <param name="Tenants">Whose things.</param>
/// <param name="Datasets">How many datasets, with those whose versions were deleted or have another name, where something speaks of them.</param>
/// <param name="Models">How many models.</param>
/// <param name="Jobs">How many jobs.</param>
/// <param name="Blobs">How many blobs.</param>
/// <param name="Bytes">Their bytes, as far as they were copied.</param>
public sealed record BackupContent(DateTimeOffset Made, ImmutableArray<string> Tenants, int Datasets, int Models, int Jobs, int Blobs, long Bytes)
{
    /// <summary>Things that were here already, as the backup has them.</summary>
    public int Known { get; init; }
}
