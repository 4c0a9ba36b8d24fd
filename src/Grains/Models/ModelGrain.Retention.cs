using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Datasets;
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
        bool done = Begin(change);
        ImmutableArray<RetentionVerdict> verdicts = Judge(policy);
        if (policy.DryRun)
            return verdicts;
        int[] going = [.. verdicts.Where(verdict => verdict.Pruned).Select(verdict => verdict.Version)];
        if (!done && going.Length > 0)
        {
            DateTimeOffset now = time.GetUtcNow();
            ModelState next = _model with { Collecting = [.. _model.Collecting, .. going] };
            foreach (int version in going)
                next = WithVersion(next, version, entry => entry with { Pruned = now });
            await Commit(next, Event(change, ModelEvents.Pruned) with { Detail = Short(string.Join(", ", going.Select(version => version.ToString(CultureInfo.InvariantCulture)))) });
        }

        await CollectLeftovers();
        return verdicts;
    }

    private ImmutableArray<RetentionVerdict> Judge(RetentionPolicy policy)
    {
        DateTimeOffset now = time.GetUtcNow();
        var verdicts = ImmutableArray.CreateBuilder<RetentionVerdict>();
        for (int version = 1; version <= _model.Versions.Length; version++)
        {
            ModelVersionEntry entry = _model.Versions[version - 1];
            string why = entry.Pruned is not null ? "pruned before" : string.Join(", ", Reasons(version, policy, now));
            verdicts.Add(new RetentionVerdict { Version = version, Pruned = why.Length == 0, Why = why });
        }

        return verdicts.ToImmutable();
    }

    /// <summary>Why a version stays; nothing: it goes.</summary>
    private IEnumerable<string> Reasons(int version, RetentionPolicy policy, DateTimeOffset now)
    {
        foreach (ModelAlias alias in _model.Aliases)
        {
            if (alias.Version == version)
                yield return alias.Name;
            else if (!alias.Earlier.IsEmpty && alias.Earlier[^1] == version)
                yield return $"rollback of {alias.Name}";
        }

        if (_model.Route?.Versions().Contains(version) == true)
            yield return "route";
        if (_model.Retraining?.Parent == version)
            yield return "being retrained";
        if (version > _model.Versions.Length - policy.Keep)
            yield return policy.Keep == 1 ? "newest" : $"one of the newest {policy.Keep}";
        if (policy.YoungerThan is { } age && now - _model.Versions[version - 1].Created < age)
            yield return "young";
    }

    /// <summary>Makes sure that the parameters stay as long as a version of this job names them: another model may have the same.</summary>
    private async Task ClaimParameters(string parameters, string job)
    {
        if (!await Owners(parameters).Claim(Owner(job)))
            throw new UnavailableException($"The parameters {parameters} of the job '{job}' were collected before they were published: they must be written again.");
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
            // Nobody else names it: it bears this model's name and the job's.
            if (entry.Alignment.Length > 0)
                await blobs.TryDelete(entry.Alignment);
        }

        await this.Write(state, _model with { Collecting = [] });
        _model = state.State;
    }

    private IBlobOwnersGrain Owners(string hash) => GrainFactory.GetGrain<IBlobOwnersGrain>(GrainKeys.For(IBlobOwnersGrain.Everybody, hash));

    private string Owner(string job) => $"{Tenant}/{Name}/{job}";
}
