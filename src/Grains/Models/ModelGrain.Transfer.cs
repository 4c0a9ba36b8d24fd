using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <content>Moving to another home or cluster: the state as storage has it, and the blobs that it names.</content>
public sealed partial class ModelGrain
{
    private (long Revision, HashSet<string> Blobs)? _packed;

    public async Task<PackedModel?> Pack(CancellationToken cancellation = default)
    {
        ModelState model = _model;
        if (Newest() == 0)
            return null;
        HashSet<string> named = await Named(model, cancellation);
        return new PackedModel
        {
            State = states.SerializeToArray(model),
            Blobs = [.. named.Order(StringComparer.Ordinal)],
            Revision = model.Revision,
            Versions = model.Versions.Length
        };
    }

    public async Task<BlobPiece> Read(string hash, int offset, CancellationToken cancellation = default)
    {
        if (!(await Named(_model, cancellation)).Contains(hash))
            throw new ClusteringException($"The model '{Name}' names no blob {hash}.");
        byte[] content = await blobs.Get(hash, cancellation);
        ReadOnlyMemory<byte> rest = content.AsMemory(Math.Clamp(offset, 0, content.Length));
        return new BlobPiece { Length = content.Length, Bytes = rest[..Math.Min(rest.Length, WireLimits.PieceBytes)] };
    }

    public async Task<ModelInfo> Unpack(PackedModel model, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelState next = Decode(model.State);
        await GrainFactory.GetGrain<IQuotaGrain>(GrainKeys.For(Tenant, IQuotaGrain.Name)).AdmitModel(Name, Kept(next) - Kept(_model), cancellation);
        // A hash is no right to what it stands for, which may be another tenant's.
        HashSet<string> here = await Named(_model, cancellation);
        ImmutableArray<string> came = [.. (await Named(next, cancellation)).Where(hash => !here.Contains(hash))];
        if (await GrainFactory.GetGrain<ISentBlobsGrain>(GrainKeys.For(Tenant, ISentBlobsGrain.Name)).Lacks(came, cancellation) is { } lacking)
            throw new ClusteringException($"The blob {lacking} of the model '{Name}' was not sent here with it: copy the model again.");
        // Who retrains it stays where it came from.
        await Become(next with { Retraining = null }, cancellation);
        return Inform();

        static int Kept(ModelState state) => state.Versions.Count(entry => entry is { Pruned: null, Deleted: null });
    }

    public async Task<PackedState?> PackState(CancellationToken cancellation = default)
    {
        ModelState model = _model;
        return model.Versions.IsEmpty ? null : new PackedState
        {
            // What is still to be collected is no part of it.
            State = states.SerializeToArray(model with { Collecting = [] }),
            Blobs = [.. (await Named(model, cancellation)).Order(StringComparer.Ordinal)],
            Datasets = [.. model.Versions.Select(entry => entry.Facts?.Dataset ?? "").Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)],
        };
    }

    public Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default) => Become(Decode(packed), cancellation);

    /// <summary>Takes over a state that goes on from this one, whose blobs are here.</summary>
    private async Task Become(ModelState next, CancellationToken cancellation)
    {
        CheckFollows(next);
        if (next.Revision == _model.Revision)
            return;
        foreach (string hash in await Named(next, cancellation))
        {
            if (!await blobs.TouchAsync(hash, cancellation))
                throw new ClusteringException($"The blob {hash} of the model '{Name}' is not here: copy the model again.");
        }

        foreach (ModelVersionEntry entry in next.Versions.Where(entry => entry is { Pruned: null, Deleted: null }))
            await ClaimParameters(entry.Parameters, entry.Job);
        if (next.Versions.Any(entry => entry.Deleted is null))
            await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Models)).Add(Name, cancellation);
        await this.Write(state, next with { Collecting = [] });
        (_model, _columns) = (state.State, []);
        _told.Clear();
        log.Copied(Tenant, Name, next.Revision, next.Versions.Length);
        await news.Changed(this.GetPrimaryKeyString());
    }

    private ModelState Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            ModelState? model = states.Deserialize(bytes);
            return model is { Versions.IsDefaultOrEmpty: false } ? model : throw new ClusteringException("What came is no model: it has no versions.");
        }
        catch (Exception e) when (e is not ClusteringException)
        {
            throw new ClusteringException($"What came is no model that this program can read: {e.Message}");
        }
    }

    /// <summary>Refuses a state that lacks something that this one has.</summary>
    private void CheckFollows(ModelState next)
    {
        ModelState here = _model;
        if (here.Versions.IsEmpty)
            return;
        bool same = here.Versions.Length <= next.Versions.Length && here.Revision <= next.Revision
            && here.Versions.Zip(next.Versions)
                .All(pair => (pair.First.Job, pair.First.Parameters, pair.First.Report) == (pair.Second.Job, pair.Second.Parameters, pair.Second.Report));
        // Of the newest change here, which may have gone to the archive there meanwhile.
        ModelEvent newest = here.Events[^1];
        ModelEvent? there = next.Events.FirstOrDefault(e => e.Revision == newest.Revision);
        if (!same || (there is not null && there != newest))
        {
            throw new ClusteringException(
                $"The model '{Name}' is here already, at revision {here.Revision} ({Tell(newest)}), and what comes, revision {next.Revision}, does not go on "
                    + "from there. "
                + "Nothing was changed: copy it the other way, or to another tenant.");
        }
    }

    /// <summary>All blobs that a state names.</summary>
    private async Task<HashSet<string>> Named(ModelState model, CancellationToken cancellation)
    {
        if (_packed is { } packed && packed.Revision == model.Revision && ReferenceEquals(model, _model))
            return packed.Blobs;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (ModelVersionEntry entry in model.Versions)
        {
            if (entry.Deleted is not null)
                continue;
            named.Add(entry.Report);
            if (entry.Pruned is not null)
                continue;
            named.Add(entry.Parameters);
            named.Add(entry.Alignment);
            named.Add(entry.Package);
            if (entry.Package.Length > 0 && await blobs.ExistsAsync(entry.Package, cancellation))
                named.Add(PackageEncoding.Decode(await blobs.Get(entry.Package, cancellation)).Profile);
        }

        named.Add(model.Anchors);
        for (string archive = model.Archive; archive.Length > 0 && named.Add(archive) && await blobs.ExistsAsync(archive, cancellation);)
            archive = AuditEncoding.Decode(await blobs.Get(archive, cancellation)).Before;
        named.Remove("");
        if (ReferenceEquals(model, _model))
            _packed = (model.Revision, named);
        return named;
    }
}
