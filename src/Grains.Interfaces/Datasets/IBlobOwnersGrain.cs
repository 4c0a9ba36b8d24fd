namespace OrleansCluster.Datasets;

/// <summary>
/// Who needs a blob that several may name, because equal content is one blob: it is deleted when the last owner lets go. Whoever wants to name such a blob
/// claims it first. One for a blob, whoever's it is; key: <see cref="Everybody"/><c>/hash</c>.
/// </summary>
[Alias("oc.IBlobOwnersGrain")]
public interface IBlobOwnersGrain : IGrainWithStringKey
{
    /// <summary>The part of the key where a tenant's name would be: blobs are shared by all of them.</summary>
    public const string Everybody = "_everybody";

    /// <summary>Makes the blob stay until <paramref name="owner"/> lets go; claiming again changes nothing.</summary>
    /// <returns>Whether the blob is there. If not, it was deleted meanwhile: write it again and claim again.</returns>
    [Alias("Claim")]
    Task<bool> Claim(string owner, CancellationToken cancellation = default);

    /// <summary>Lets go of the blob; the last owner's release deletes it. Releasing what one does not own changes nothing.</summary>
    [Alias("Release")]
    Task Release(string owner, CancellationToken cancellation = default);
}
