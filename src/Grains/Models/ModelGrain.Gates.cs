using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Models.Gates;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <content>Gates, and the one retraining that a model has at a time.</content>
public sealed partial class ModelGrain
{
    public async Task<GatePlan?> Plan(CancellationToken cancellation = default)
    {
        if (_model.Policy is not { } policy)
            return null;
        if (AliasOf(ModelReference.Champion) is not { } champion)
            return new GatePlan { Policy = policy, Champion = 0, Parameters = "", Algorithm = "" };
        ModelVersionEntry entry = Kept(champion.Version);
        return new GatePlan
        {
            Policy = policy,
            Champion = champion.Version,
            Parameters = entry.Parameters,
            Algorithm = (await Facts(champion.Version, cancellation)).Family,
        };
    }

    public Task<ModelInfo> SetPolicy(ModelChange change, GatePolicy? policy, CancellationToken cancellation = default) => Change(change, model =>
        (model with { Policy = policy is null ? null : GateRules.Check(policy) },
            Event(change, ModelEvents.PolicySet) with { Detail = Short(policy is null ? "none" : Tell(policy)) }));

    public async Task<ResolvedVersion> BeginRetraining(string job, int parent, CancellationToken cancellation = default)
    {
        GrainKeys.CheckName("job", job);
        if (Newest() == 0)
            throw new ClusteringException($"There is no model '{Name}' to retrain: train it first, or correct the name.");
        CheckVersion(parent);
        ResolvedVersion resolved = Resolved(parent);
        if (_model.Retraining?.Job != job && await LiveRetraining(cancellation) is { } lease)
        {
            throw new ClusteringException(
                $"The model '{Name}' is being retrained already, by job {lease.Job} since "
                    + $"{lease.Since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC: wait for it, or resume or cancel it if it was "
                        + "interrupted.");
        }

        var next = new RetrainingLease { Job = job, Parent = parent, Since = time.GetUtcNow() };
        if (_model.Retraining is not { } held || held.Job != job)
        {
            await this.Write(state, _model with { Retraining = next });
            _model = state.State;
        }

        return resolved;
    }

    /// <summary>
    /// The retraining under way; null: there is none. A job that ended without publishing (it failed, or was cancelled) has left its lease behind, which
    /// counts no more.
    /// </summary>
    private async Task<RetrainingLease?> LiveRetraining(CancellationToken cancellation) =>
        _model.Retraining is { } lease && await GrainFactory.GetGrain<ITrainingGrain>(GrainKeys.For(Tenant, lease.Job)).IsLive(cancellation) ? lease : null;

    /// <summary>Refuses a publication of a retraining that another one has taken the place of.</summary>
    private void CheckLease(ModelPublication publication)
    {
        string job = publication.Report.Job;
        if (publication.Retrained && _model.Retraining?.Job != job)
            throw new ClusteringException($"The job {job} does not retrain the model '{Name}' any "
                + $"more{(_model.Retraining is { } other ? $", job {other.Job} does" : "")}: nothing was published.");
    }

    /// <summary>What the policy says of a version; null: there is no policy.</summary>
    private GateReport? Judge(ModelPublication publication, Aligned aligned, int parent)
    {
        if (_model.Policy is not { } policy)
            return null;
        TrainingReport report = publication.Report;
        GateMeasures measures = publication.Measures ?? new GateMeasures { Trouble = "the training measured nothing, because the policy is newer" };
        int champion = AliasOf(ModelReference.Champion)?.Version ?? 0;
        bool same = measures.Champion == champion;
        // Churn and confidence tell of the champion when the clusters were aligned with it.
        bool withChampion = champion > 0 && parent == champion;
        GateReport verdict = GateRules.Decide(policy, new GateFacts
        {
            Champion = champion,
            Objective = report.Objective,
            ChampionObjective = same ? measures.ChampionObjective : null,
            LessIsBetter = families.Find(report.Options.Family).Description.LessIsBetter,
            Churn = withChampion ? aligned.Result?.Anchors?.Churn : null,
            LeastConfidence = withChampion ? aligned.Result?.LeastConfidence : null,
            LeastSize = report.Clusters.IsEmpty ? 0 : report.Clusters.Min(cluster => cluster.Size),
            LogLikelihood = measures.LogLikelihood,
            Silhouette = measures.Silhouette,
            Trouble = measures.Trouble.Length > 0 ? measures.Trouble
                : !same ? $"the champion became version {champion} meanwhile"
                : champion > 0 && !withChampion ? $"the clusters were aligned with version {parent}, not with the champion" : "",
        });
        string against = _model.Route is not null ? "every rule passed, but a route is set: promote it by hand, or end the route first"
            : publication.OnTrial ? "every rule passed: it is tried before it becomes champion"
            : "";
        return verdict.Verdict == GateVerdicts.Champion && against.Length > 0
            ? verdict with { Verdict = GateVerdicts.Challenger, Remark = against }
            : verdict;
    }

    /// <summary>The state and events in which a judged version has the alias that its verdict names.</summary>
    private (ModelState Next, ImmutableArray<ModelEvent> What) Promote(ModelState next, ModelPublication publication, int version, GateReport? gate)
    {
        if (gate is null || gate.Verdict == GateVerdicts.None)
            return (next, []);
        string alias = gate.Verdict == GateVerdicts.Champion ? ModelReference.Champion : ModelReference.Challenger;
        ModelAlias? before = AliasOf(alias);
        ImmutableArray<int> earlier = before is null ? [] : [.. before.Earlier.Append(before.Version).TakeLast(MostEarlier)];
        string why = gate.Against.Length > 0 ? gate.Against : gate.Remark;
        var change = new ModelChange
        {
            Id = $"gate {publication.Report.Job}",
            Expected = 0,
            By = publication.By,
            Reason = why.Length > 0 ? $"by the model's policy: {why}" : "by the model's policy",
        };
        return (next with { Aliases = Point(next.Aliases, change, alias, version, earlier) },
            [Event(change, ModelEvents.AliasSet) with { Version = version, Before = before?.Version ?? 0, Subject = alias }]);
    }

    private static string Tell(GatePolicy policy) => string.Join(", ", policy.Rules.Select(rule =>
        string.Create(CultureInfo.InvariantCulture, $"{rule.Metric} {(GateMetrics.IsAtMost(rule.Metric) ? "≤" : "≥")} {rule.Limit}")));
}
