using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using OrleansCluster.Alerts;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client.Storage;

/// <summary>
/// A backup of everything, of a tenant or of a model, as one stream, made while imports, trainings and questions go on. For whoever runs the cluster: nothing
/// here asks who calls.
/// <para>
/// Of everything its state is read first and then the blobs that it names, which never change; only then the state is written. If a blob went meanwhile (a
/// version was deleted, a job has a newer checkpoint), the state is read again. Jobs come before models and models before datasets, so that what
/// one has published is there.
/// </para>
/// </summary>
/// <param name="grains">Where grains are reached.</param>
/// <param name="time">The clock; null: the machine's.</param>
public sealed class Backups(IGrainFactory grains, TimeProvider? time = null)
{
    /// <summary>In which things come back: what others speak of first.</summary>
    private static readonly BackupPart[] Order =
    [
        BackupPart.Dataset, BackupPart.Windows, BackupPart.Model, BackupPart.Job, BackupPart.Retraining, BackupPart.Alerts,
        BackupPart.Tenant,
    ];

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Writes a backup.</summary>
    /// <param name="stream">Where to; written front to back.</param>
    /// <param name="tenant">Whose things; null: everybody's.</param>
    /// <param name="model">A model of the tenant, with what was observed under it and the datasets that its versions were trained on; null: everything.</param>
    /// <param name="cancellation">Ends it; what was written by then is no backup.</param>
    /// <exception cref="ClusteringException">There is no such model, or something cannot be read.</exception>
    public async Task<BackupContent> WriteAsync(Stream stream, string? tenant = null, string? model = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var blobs = new NamedBlobs(grains);
        ImmutableArray<string> tenants = tenant is null ? await blobs.TenantsAsync(cancellation).ConfigureAwait(false) : [tenant];
        using var writer = new BackupWriter(stream);
        await writer.BeginAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = _time.GetUtcNow();
        await writer.WriteAsync(
            BackupPart.Head, (tenant, model) switch { (null, _) => "", (_, null) => tenant, _ => $"{tenant}/{model}" },
            Encoding.UTF8.GetBytes(now.ToString("O", CultureInfo.InvariantCulture)), cancellation).ConfigureAwait(false);
        var run = new Run(grains, blobs, writer);
        foreach (string one in tenants)
            await run.WriteAsync(one, model, cancellation).ConfigureAwait(false);
        if (model is not null && run.Content.Models == 0)
            throw new ClusteringException($"There is no model '{model}'.");
        await writer.EndAsync(cancellation).ConfigureAwait(false);
        return run.Content with { Made = now };
    }

    /// <summary>
    /// Brings back what a backup has. It is read to its end and checked before anything is written; and each thing comes back as a whole. What is here
    /// already as the backup has it stays.
    /// </summary>
    /// <param name="open">Opens the backup, which is read twice.</param>
    /// <param name="file">What it is called, for messages.</param>
    /// <param name="tenant">Whose things to bring back; null: all.</param>
    /// <param name="cancellation">Ends it; restored again it goes on.</param>
    /// <exception cref="ClusteringException">The backup is damaged, or something is here under one of its names that is not the same: nothing was
    /// restored.</exception>
    public async Task<BackupContent> RestoreAsync(Func<Stream> open, string file, string? tenant = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        BackupStates states = await BackupStates.ReadAsync(open, file, cancellation).ConfigureAwait(false);
        if (tenant is not null && !states.Tenants.Contains(tenant, StringComparer.Ordinal))
            throw new ClusteringException($"{file} has nothing of a tenant '{tenant}': it has things of {string.Join(", ", states.Tenants)}.");
        BackupState[] wanted = [.. states.All.Where(state => tenant is null || state.Tenant == tenant)];
        var coming = new List<BackupState>();
        var others = new List<BackupState>();
        foreach (BackupState state in wanted)
        {
            if (state.Part == BackupPart.Tenant || await HereAsync(state, cancellation).ConfigureAwait(false) is not { } here)
                coming.Add(state);
            else if (!here.State.Span.SequenceEqual(state.State.Span))
                others.Add(state);
        }

        if (others.Count > 0)
        {
            const int most = 5;
            throw new ClusteringException($"There is something else here already under {(others.Count == 1 ? "this name" : "these names")}: "
                + $"{string.Join("; ", others.Take(most))}{(others.Count > most ? $" and {others.Count - most} more" : "")}. Nothing was restored: restore "
                + "into another home, or delete those first.");
        }

        long bytes = 0;
        if (coming.Any(state => state.Part != BackupPart.Tenant))
            bytes = await WriteBlobsAsync(open, file, states, cancellation).ConfigureAwait(false);
        foreach (BackupState state in coming.OrderBy(state => Array.IndexOf(Order, state.Part)))
            await Calls.Ask(() => state.Part == BackupPart.Tenant
                ? grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Unpack(state.Tenant, state.State, cancellation)
                : Grain(grains, state.Part, state.Tenant, state.Name).UnpackState(state.State, cancellation), cancellation).ConfigureAwait(false);
        return new BackupContent(states.Made, [.. wanted.Select(state => state.Tenant).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Count(BackupPart.Dataset), Count(BackupPart.Model), Count(BackupPart.Job), states.Blobs, bytes)
        {
            Known = wanted.Length - coming.Count,
        };

        int Count(BackupPart part) => wanted.Count(state => state.Part == part);
    }

    /// <summary>What a part of that kind is of.</summary>
    internal static IPackable Grain(IGrainFactory grains, BackupPart part, string tenant, string name)
    {
        string key = GrainKeys.For(tenant, name);
        return part switch
        {
            BackupPart.Dataset => grains.GetGrain<IDatasetGrain>(key),
            BackupPart.Model => grains.GetGrain<IModelTransfer>(key),
            BackupPart.Windows => grains.GetGrain<IMonitorGrain>(key),
            BackupPart.Job => grains.GetGrain<ITrainingGrain>(key),
            BackupPart.Retraining => grains.GetGrain<IRetrainingGrain>(key),
            BackupPart.Alerts => grains.GetGrain<IAlertsGrain>(key),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "has no grain"),
        };
    }

    private Task<PackedState?> HereAsync(BackupState state, CancellationToken cancellation) =>
        Calls.Ask(() => Grain(grains, state.Part, state.Tenant, state.Name).PackState(cancellation), cancellation);

    private async Task<long> WriteBlobsAsync(Func<Stream> open, string file, BackupStates states, CancellationToken cancellation)
    {
        long bytes = 0;
        Stream stream = open();
        await using (stream.ConfigureAwait(false))
        {
            using var reader = new BackupReader(stream, file);
            await reader.BeginAsync(cancellation).ConfigureAwait(false);
            while (await reader.NextAsync(cancellation).ConfigureAwait(false))
            {
                if (reader.Part == BackupPart.Blob && !states.GivenUp.Contains(reader.Parts))
                {
                    bytes += await BlobPieces.WriteAsync(
                        grains, IBlobOwnersGrain.Everybody, Ids.Random(), reader.Name, reader.ContentAsync(cancellation), cancellation).ConfigureAwait(false);
                    continue;
                }

                await foreach (ReadOnlyMemory<byte> _ in reader.ContentAsync(cancellation).ConfigureAwait(false))
                {
                    // Passed over.
                }
            }
        }

        return bytes;
    }

    /// <summary>One backup being written.</summary>
    private sealed class Run(IGrainFactory grains, NamedBlobs blobs, BackupWriter writer)
    {
        private readonly IStorageGrain _storage = grains.GetGrain<IStorageGrain>(GrainKeys.For(IBlobOwnersGrain.Everybody, Ids.Random()));
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);

        public BackupContent Content { get; private set; } = new(default, [], 0, 0, 0, 0, 0);

        public async Task WriteAsync(string tenant, string? model, CancellationToken cancellation)
        {
            var models = new SortedSet<string>(StringComparer.Ordinal);
            var datasets = new SortedSet<string>(StringComparer.Ordinal);
            if (model is null)
            {
                foreach (string job in await blobs.NamesAsync(tenant, CatalogKinds.Jobs, cancellation).ConfigureAwait(false))
                {
                    if (await PackAsync(BackupPart.Job, tenant, job, cancellation).ConfigureAwait(false) is not { } packed)
                        continue;
                    models.UnionWith(packed.Models);
                    datasets.UnionWith(packed.Datasets);
                    Content = Content with { Jobs = Content.Jobs + 1 };
                }
            }

            // Names that are spoken of and no longer used are taken along: their numbers must not be given to others.
            models.UnionWith(model is null ? await blobs.NamesAsync(tenant, CatalogKinds.Models, cancellation).ConfigureAwait(false) : [model]);
            foreach (string name in models)
            {
                await PackAsync(BackupPart.Windows, tenant, name, cancellation).ConfigureAwait(false);
                if (await PackAsync(BackupPart.Retraining, tenant, name, cancellation).ConfigureAwait(false) is { } plan)
                    datasets.UnionWith(plan.Datasets);
                if (await PackAsync(BackupPart.Model, tenant, name, cancellation).ConfigureAwait(false) is not { } packed)
                    continue;
                datasets.UnionWith(packed.Datasets);
                Content = Content with { Models = Content.Models + 1 };
            }

            if (model is null)
                datasets.UnionWith(await blobs.NamesAsync(tenant, CatalogKinds.Datasets, cancellation).ConfigureAwait(false));
            var done = new HashSet<string>(StringComparer.Ordinal);
            while (datasets.FirstOrDefault(name => !done.Contains(name)) is { } name)
            {
                done.Add(name);
                if (await PackAsync(BackupPart.Dataset, tenant, name, cancellation).ConfigureAwait(false) is not { } packed)
                    continue;
                datasets.UnionWith(packed.Datasets);
                Content = Content with { Datasets = Content.Datasets + 1 };
            }

            if (model is null)
                await PackAsync(BackupPart.Alerts, tenant, AlertStatus.Key, cancellation).ConfigureAwait(false);
            if (model is null && await Calls.Ask(() => grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Pack(tenant, cancellation), cancellation)
                .ConfigureAwait(false) is { IsEmpty: false } access)
                await writer.WriteAsync(BackupPart.Tenant, tenant, access, cancellation).ConfigureAwait(false);
            Content = Content with { Tenants = Content.Tenants.Add(tenant) };
        }

        /// <summary>Writes one thing behind the blobs that it names; null when there is none.</summary>
        private async Task<PackedState?> PackAsync(BackupPart part, string tenant, string name, CancellationToken cancellation)
        {
            IPackable grain = Grain(grains, part, tenant, name);
            for (PackedState? before = null; ;)
            {
                PackedState? packed = await Calls.Ask(() => grain.PackState(cancellation), cancellation).ConfigureAwait(false);
                if (packed is null)
                    return null;
                try
                {
                    foreach (string hash in packed.Blobs)
                        await BlobAsync(hash, cancellation).ConfigureAwait(false);
                    foreach (string manifest in packed.Manifests)
                    {
                        foreach (string hash in await blobs.OfManifestAsync(manifest, cancellation).ConfigureAwait(false))
                            await BlobAsync(hash, cancellation).ConfigureAwait(false);
                    }
                }
                catch (ClusteringException e)
                {
                    // What it names may have gone since it was asked: then it names something else now.
                    if (before is not null && before.State.Span.SequenceEqual(packed.State.Span))
                        throw new ClusteringException($"The {part.ToString().ToLowerInvariant()} '{name}' cannot be backed up: {e.Message}", e);
                    before = packed;
                    continue;
                }

                await writer.WriteAsync(part, $"{tenant}/{name}", packed.State, cancellation).ConfigureAwait(false);
                return packed;
            }
        }

        private async Task BlobAsync(string hash, CancellationToken cancellation)
        {
            if (_written.Contains(hash))
                return;
            await writer.WriteAsync(BackupPart.Blob, hash, ReadAsync(hash, cancellation), cancellation).ConfigureAwait(false);
            _written.Add(hash);
            Content = Content with { Blobs = Content.Blobs + 1 };
        }

        private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string hash, [EnumeratorCancellation] CancellationToken cancellation)
        {
            using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await foreach (ReadOnlyMemory<byte> piece in BlobPieces.ReadAsync(
                hash, (offset, stop) => _storage.Read(hash, offset, stop), cancellation).ConfigureAwait(false))
            {
                content.AppendData(piece.Span);
                Content = Content with { Bytes = Content.Bytes + piece.Length };
                yield return piece;
            }

            if (Convert.ToHexStringLower(content.GetHashAndReset()) != hash)
                throw new ClusteringException($"The blob {hash} is damaged. 'datasets verify' tells which rows are; import or train again what needs it.");
        }
    }
}
