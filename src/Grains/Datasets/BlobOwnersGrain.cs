using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IBlobOwnersGrain"/>
public sealed class BlobOwnersGrain([PersistentState("owners", StorageNames.Grains)] IPersistentState<BlobOwnersState> state, IBlobStore blobs)
    : Grain, IBlobOwnersGrain
{
    private string Hash => Tenancy.GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    public async Task<bool> Claim(string owner, CancellationToken cancellation = default)
    {
        // A release runs to its end before this is answered, so what is there now stays.
        if (!await Keep(cancellation))
            return false;
        if (!state.State.Owners.Contains(owner, StringComparer.Ordinal))
            await this.Write(state, new BlobOwnersState { Owners = [.. state.State.Owners.Append(owner).Order(StringComparer.Ordinal)] });
        return true;
    }

    public async Task Release(string owner, CancellationToken cancellation = default)
    {
        ImmutableArray<string> left = state.State.Owners.Remove(owner, StringComparer.Ordinal);
        // What nobody claimed is not ours to delete; an owner that was the last and went down before deleting asks again.
        bool last = left.IsEmpty && (state.State.Owners.Length == 1 || state.State.Deleting == owner);
        if (left.Length != state.State.Owners.Length)
            await this.Write(state, new BlobOwnersState { Owners = left, Deleting = last ? owner : "" });
        if (last)
            await blobs.TryDelete(Hash);
    }

    private async Task<bool> Keep(CancellationToken cancellation)
    {
        try
        {
            return await blobs.TouchAsync(Hash, cancellation);
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }
    }
}

/// <summary>What a grain of blob owners remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.BlobOwnersState")]
public sealed record BlobOwnersState
{
    /// <summary>In ordinal order.</summary>
    [Id(0)] public ImmutableArray<string> Owners { get; init; } = [];

    /// <summary>The last owner, whose release deletes the blob; empty: nobody's.</summary>
    [Id(1)] public string Deleting { get; init; } = "";
}
