using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models.Routing;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <content>Retention. Written first, collected then: no version ever names a blob that is gone without saying so.</content>
public sealed partial class ModelGrain
{
    public async Task<ImmutableArray<RetentionVerdict>> Prune(ModelChange change, RetentionPolicy policy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Keep < 1)
            throw new ClusteringException($"A policy that keeps {policy.Keep} versions would leave nothing to answer with: keep at least 1.");
        if (policy.Rollbacks < 0)
            throw new ClusteringException($"A policy cannot keep {policy.Rollbacks} rollbacks of an alias: keep 0 or more.");
        int parent = (await LiveRetraining(cancellation))?.Parent ?? 0;
        bool done = Begin(change);
        ImmutableArray<RetentionVerdict> verdicts = Judge(policy, parent);
        if (policy.DryRun)
            return verdicts;
        int[] going = [.. verdicts.Where(verdict => verdict.Pruned).Select(verdict => verdict.Version)];
        if (!done && going.Length > 0)
        {
            DateTimeOffset now = time.GetUtcNow();
            ModelState next = _model with { Collecting = [.. _model.Collecting, .. going] };
            foreach (int version in going)
                next = WithVersion(next, version, entry => entry with { Pruned = now });
            next = next with { Aliases = [.. next.Aliases.Select(alias => alias with { Earlier = Reachable(next, alias.Earlier) })] };
            await Commit(next, Event(change,
                ModelEvents.Pruned) with
            { Detail = Short(string.Join(", ", going.Select(version => version.ToString(CultureInfo.InvariantCulture)))) });
        }

        await CollectLeftovers();
        return verdicts;
    }

    /// <summary>What rollbacks can still come to: a history ends where it meets a version that is gone.</summary>
    private static ImmutableArray<int> Reachable(ModelState model, ImmutableArray<int> earlier)
    {
        int gone = earlier.Length - 1;
        while (gone >= 0 && model.Versions[earlier[gone] - 1].Pruned is null)
            gone--;
        return earlier[(gone + 1)..];
    }

    private ImmutableArray<RetentionVerdict> Judge(RetentionPolicy policy, int parent)
    {
        DateTimeOffset now = time.GetUtcNow();
        var verdicts = ImmutableArray.CreateBuilder<RetentionVerdict>();
        for (int version = 1; version <= _model.Versions.Length; version++)
        {
            ModelVersionEntry entry = _model.Versions[version - 1];
            if (entry.Deleted is not null)
                continue;
            string why = entry.Pruned is not null ? "pruned before" : string.Join(", ", Reasons(version, policy, parent, now));
            verdicts.Add(new RetentionVerdict { Version = version, Pruned = why.Length == 0, Why = why });
        }

        return verdicts.ToImmutable();
    }

    /// <summary>Why a version stays; nothing: it goes.</summary>
    /// <param name="version">The version.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="parent">The version that is being retrained; 0: none is.</param>
    /// <param name="now">The moment that ages are counted to.</param>
    private IEnumerable<string> Reasons(int version, RetentionPolicy policy, int parent, DateTimeOffset now)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (ModelAlias alias in _model.Aliases)
        {
            bool points = alias.Version == version;
            if (!points && !alias.Earlier.TakeLast(policy.Rollbacks ?? MostEarlier).Contains(version))
                continue;
            named.Add(alias.Name);
            yield return points ? alias.Name : $"rollback of {alias.Name}";
        }

        // What an alias pointed to until a moment ago, however it left, is what somebody may want back.
        foreach (ModelEvent left in policy.Rollbacks == 0 ? [] : LastChanges())
        {
            if (left.Before == version && !named.Contains(left.Subject))
                yield return $"was {left.Subject}";
        }

        if (_model.Route?.Versions().Contains(version) == true)
            yield return "route";
        if (parent == version)
            yield return "being retrained";
        if (Enumerable.Range(version, _model.Versions.Length - version + 1).Count(IsThere) <= policy.Keep)
            yield return policy.Keep == 1 ? "newest" : $"one of the newest {policy.Keep}";
        if (policy.YoungerThan is { } age && now - _model.Versions[version - 1].Created < age)
            yield return "young";
    }

    /// <summary>The last change of each alias, as far as recent events tell.</summary>
    private IEnumerable<ModelEvent> LastChanges() =>
        _model.Events.Where(e => e.Kind is ModelEvents.AliasSet or ModelEvents.RolledBack or ModelEvents.AliasRemoved)
        .GroupBy(e => e.Subject, StringComparer.Ordinal).Select(changes => changes.Last());

    /// <summary>Makes sure that the parameters stay as long as a version of this job names them: another model may have the same.</summary>
    private async Task ClaimParameters(string parameters, string job)
    {
        if (!await Owners(parameters).Claim(Owner(job)))
            throw new UnavailableException($"The parameters {parameters} of the job '{job}' were collected before they were published: they must be "
                + "written again.");
    }

    /// <summary>Lets go of the blobs of pruned versions that are still to be let go of.</summary>
    private async Task CollectLeftovers()
    {
        if (_model.Collecting.IsEmpty)
            return;
        foreach (int version in _model.Collecting)
        {
            ModelVersionEntry entry = _model.Versions[version - 1];
            await Owners(entry.Parameters).Release(Owner(entry.Job));
            // Nobody else names them: they bear this model's name and the job's.
            if (entry.Alignment.Length > 0)
                await blobs.TryDelete(entry.Alignment);
            if (entry.Package.Length > 0)
                await DeletePackage(entry.Package);
            if (entry.Deleted is not null && entry.Report.Length > 0)
                await blobs.TryDelete(entry.Report);
        }

        await this.Write(state, _model with { Collecting = [] });
        _model = state.State;
    }

    /// <summary>Deletes a package and, before what names it, the profile. One that cannot be read was deleted before, or stays.</summary>
    private async Task DeletePackage(string hash)
    {
        try
        {
            string profile = PackageEncoding.Decode(await blobs.ReadAsync(hash)).Profile;
            if (profile.Length > 0)
                await blobs.TryDelete(profile);
        }
        catch (Exception e) when (e is IOException or ClusteringException)
        {
            log.PackageStays(Tenant, Name, hash, e.Message);
            return;
        }

        await blobs.TryDelete(hash);
    }

    private IBlobOwnersGrain Owners(string hash) => GrainFactory.GetGrain<IBlobOwnersGrain>(GrainKeys.For(IBlobOwnersGrain.Everybody, hash));

    private string Owner(string job) => $"{Tenant}/{Name}/{job}";
}
