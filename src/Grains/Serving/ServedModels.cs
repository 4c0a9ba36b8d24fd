using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Serving;

/// <summary>A version, ready to answer.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Model">What can be asked of it.</param>
/// <param name="Labels">The stable ids of its places.</param>
/// <param name="Preparation">What is done to rows first; null: nothing.</param>
internal sealed record ServedModel(int Version, PreparedModel Model, LabelMap Labels, FittedPreparation? Preparation)
{
    /// <summary>Content hash of its package; empty: it has none.</summary>
    public string Package { get; init; } = "";
}

/// <summary>The models that this silo answers with: found by name, read and prepared once. Thread-safe.</summary>
public sealed class ServedModels(KnownModels known, Packages packages, PreparedModels models, IGrainFactory grains, TimeProvider time)
{
    /// <summary>A version.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="version">Its number; 0: the champion, else the newest.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">There is none, it was pruned, or it cannot be read.</exception>
    internal async Task<ServedModel> Get(string model, int version, CancellationToken cancellation)
    {
        ResolvedVersion? kept = version == 0 ? known.Find(model)?.Default : known.Find(model, version);
        if (kept is not null)
        {
            try
            {
                return await Get(kept, cancellation);
            }
            catch (ClusteringException)
            {
                // It may have been pruned; what else is wrong is said below.
                known.Forget(model);
            }
        }

        return await Get(await Resolve(model, version, cancellation), cancellation);
    }

    /// <summary>A version that was told.</summary>
    /// <exception cref="ClusteringException">It cannot be read.</exception>
    internal async Task<ServedModel> Get(ResolvedVersion version, CancellationToken cancellation)
    {
        ServedPackage package = await packages.Get(version, cancellation);
        return new ServedModel(version.Version, await models.Get(package.Parameters, cancellation), package.Labels, package.Preparation)
        {
            Package = version.Package,
        };
    }

    /// <summary>What the bare name means, as the model tells it now.</summary>
    /// <exception cref="ClusteringException">There is no such model.</exception>
    internal async Task<ServingPlan> Plan(string model, CancellationToken cancellation)
    {
        long asked = time.GetTimestamp();
        ServingPlan plan = await grains.GetGrain<IModelRoutes>(model).Serve(cancellation)
            ?? throw new ClusteringException($"There is no model '{GrainKeys.Parse(model).Name}': train it first, or correct the name.");
        known.Keep(model, plan, asked);
        return plan;
    }

    /// <summary>A version as the model tells it now.</summary>
    private async Task<ResolvedVersion> Resolve(string model, int version, CancellationToken cancellation)
    {
        if (version == 0)
            return (await Plan(model, cancellation)).Default!;
        long asked = time.GetTimestamp();
        ResolvedVersion resolved = await grains.GetGrain<IModelGrain>(model).Resolve(version, cancellation)
            ?? throw new ClusteringException($"There is no version {version} of the model '{GrainKeys.Parse(model).Name}'.");
        known.Keep(model, resolved, asked);
        return resolved;
    }
}
