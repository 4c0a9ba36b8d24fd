using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Alerts;

/// <inheritdoc cref="IAlertsGrain"/>
public sealed class AlertsGrain(
    [PersistentState("alerts", StorageNames.Grains)] IPersistentState<AlertsState> state, Serializer<AlertsState> states,
    IEnumerable<IAlertReceiver> receivers, TimeProvider time, ILogger<AlertsGrain> log)
    : Grain, IAlertsGrain, IRemindable
{
    private const int MostRules = 100, MostSilences = 100, MostUntold = 500;
    private const string ReminderName = "look", Log = "log";

    /// <summary>Orleans allows no less.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromHours(24), Recent = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<IAlertReceiver> _receivers = [.. receivers];
    private WatchedModels _models = null!;
    private bool _isWatching;
    private string _trouble = "";

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    private AlertsState State => state.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _models = new WatchedModels(GrainFactory, Tenant);
        return Task.CompletedTask;
    }

    public async Task Watch(CancellationToken cancellation = default)
    {
        if (_isWatching)
            return;
        if (await this.GetReminder(ReminderName, cancellation) is null)
            await this.RegisterOrUpdateReminder(ReminderName, Period, Period, cancellation);
        _isWatching = true;
    }

    public Task<AlertStatus> Status(CancellationToken cancellation = default) => Task.FromResult(Describe());

    public async Task<AlertStatus> SetRule(AlertRule rule, CancellationToken cancellation = default)
    {
        AlertRules.Check(rule);
        ImmutableArray<AlertRule> others = State.Rules.RemoveAll(other => other.Name == rule.Name);
        if (others.Length >= MostRules)
            throw new ClusteringException($"There are {others.Length} rules, the most there can be: remove one first.");
        await Watch(cancellation);
        await this.Write(state, State with { Rules = others.Add(rule), Without = State.Without.Remove(rule.Name) });
        return Describe();
    }

    public async Task<AlertStatus> RemoveRule(string name, CancellationToken cancellation = default)
    {
        if (Rules().All(rule => rule.Name != name))
            throw new ClusteringException($"There is no rule '{name}': there are {string.Join(", ", Rules().Select(rule => rule.Name))}.");
        bool usual = AlertRule.Usual.Any(rule => rule.Name == name);
        await this.Write(state, State with
        {
            Rules = State.Rules.RemoveAll(rule => rule.Name == name),
            Without = usual ? [.. State.Without.Append(name).Distinct()] : State.Without,
        });
        return Describe();
    }

    public async Task<Alert> Acknowledge(string id, string by, CancellationToken cancellation = default)
    {
        Alert alert = State.Alerts.FirstOrDefault(one => one.Id == id && one.State != AlertState.Resolved)
            ?? throw new ClusteringException($"There is no alert {id} that lasts: 'alerts list' shows those that do.");
        Alert next = alert with { By = by.Length > 0 ? by : "somebody" };
        await this.Write(state, State with { Alerts = State.Alerts.Replace(alert, next) });
        return next;
    }

    public async Task<AlertSilence> Silence(AlertSilence silence, TimeSpan time, CancellationToken cancellation = default)
    {
        AlertRules.Check(silence, time);
        DateTimeOffset now = Now;
        AlertSilence[] others = [.. State.Silences.Where(one => one.Until > now)];
        if (others.Length >= MostSilences)
            throw new ClusteringException($"There are {others.Length} silences, the most there can be: end one first.");
        AlertSilence made = silence with { Id = $"s{State.Count + 1}", Since = now, Until = now + time };
        await this.Write(state, State with { Silences = [.. others, made], Count = State.Count + 1 });
        return made;
    }

    public async Task Unsilence(string id, CancellationToken cancellation = default)
    {
        if (State.Silences.All(silence => silence.Id != id))
            throw new ClusteringException($"There is no silence {id}: 'alerts silences' shows those that there are.");
        await this.Write(state, State with { Silences = State.Silences.RemoveAll(silence => silence.Id == id) });
    }

    public async Task<ImmutableArray<string>> Forget(CancellationToken cancellation = default)
    {
        ImmutableArray<string> rules = [.. State.Rules.Select(rule => rule.Name)];
        var none = new AlertsState { Count = State.Count };
        if (State.Rules.Length + State.Without.Length + State.Alerts.Length + State.Silences.Length + State.Untold.Length > 0)
            await this.Write(state, none);
        if (await this.GetReminder(ReminderName, cancellation) is { } reminder)
            await this.UnregisterReminder(reminder, cancellation);
        _isWatching = false;
        return rules;
    }

    public async Task<AlertStatus> Look(CancellationToken cancellation = default)
    {
        DateTimeOffset now = Now;
        (List<AlertFigure> figures, HashSet<string> unknown) = await Measure(now, cancellation);
        (ImmutableArray<Alert> alerts, ImmutableArray<Alert> tell, int count) =
            AlertBook.Update(Rules(), State.Silences, figures, unknown, State.Alerts, State.Count, now);
        foreach (Alert alert in tell)
            TellLog(alert);
        IEnumerable<AlertNotice> notices = _receivers.Where(receiver => !receiver.IsToldAll)
            .SelectMany(receiver => tell.Select(alert => new AlertNotice { Receiver = receiver.Name, Alert = alert, At = now }));
        // What could not be told for a day is told no more.
        ImmutableArray<AlertNotice> untold = [.. State.Untold.Where(notice => now - notice.At < Longest).Concat(notices).TakeLast(MostUntold)];
        if (!alerts.SequenceEqual(State.Alerts) || !untold.SequenceEqual(State.Untold))
            await this.Write(state, State with { Alerts = alerts, Count = count, Untold = untold });
        await Tell(now, cancellation);
        return Describe();
    }

    public Task<PackedState?> PackState(CancellationToken cancellation = default) => Task.FromResult(
        State.Rules.IsEmpty && State.Without.IsEmpty ? null : new PackedState { State = states.SerializeToArray(RulesOf(State)) });

    public async Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default)
    {
        AlertsState next = RulesOf(states.Read(packed, $"rules of the alerts of {Tenant}"));
        if (State.Rules.IsEmpty && State.Without.IsEmpty)
        {
            await this.Write(state, State with { Rules = next.Rules, Without = next.Without });
            await Watch(cancellation);
        }
        else if (!packed.Span.SequenceEqual(states.SerializeToArray(RulesOf(State))))
        {
            throw new ClusteringException($"The tenant {Tenant} has other rules of alerts here already: nothing was changed.");
        }
    }

    /// <summary>What a backup takes along: alerts are of what is, and not of what was.</summary>
    private static AlertsState RulesOf(AlertsState known) => new() { Rules = known.Rules, Without = known.Without };

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _isWatching = true;
        await Look();
    }

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The tenant's rules, and the usual ones of which it has none and wants some.</summary>
    private ImmutableArray<AlertRule> Rules() =>
    [
        .. State.Rules.Concat(AlertRule.Usual.Where(usual => !State.Without.Contains(usual.Name) && State.Rules.All(rule => rule.Name != usual.Name)))
            .OrderBy(rule => rule.Name, StringComparer.Ordinal),
    ];

    private AlertStatus Describe()
    {
        DateTimeOffset now = Now;
        return new AlertStatus
        {
            Rules = Rules(),
            Alerts = [.. State.Alerts.Reverse().OrderBy(alert => alert.State == AlertState.Resolved)],
            Silences = [.. State.Silences.Where(silence => silence.Until > now)],
            Receivers = [Log, .. _receivers.Select(receiver => receiver.Name)],
            Trouble = _trouble,
        };
    }

    private async Task<(List<AlertFigure> Figures, HashSet<string> Unknown)> Measure(DateTimeOffset now, CancellationToken cancellation)
    {
        var figures = new List<AlertFigure>();
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        ImmutableArray<AlertRule> rules = Rules();
        foreach (string model in await _models.Names(cancellation))
        {
#pragma warning disable CA1031 // One model that cannot be looked at does not keep the others from it.
            try
            {
                figures.AddRange(await _models.Of(model, rules, now, cancellation));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                unknown.Add(model);
                log.CannotWatch(Tenant, model, e.Message);
            }
#pragma warning restore CA1031
        }

        return (figures, unknown);
    }

    private void TellLog(Alert alert)
    {
        if (alert.State == AlertState.Resolved)
            log.Ended(Tenant, alert.Id, alert.Rule, alert.Cause);
        else
            log.Fires(Tenant, alert.Id, alert.Severity, alert.Rule, alert.Cause, Text(alert));
    }

    private static string Text(Alert alert) => string.Join("; ", alert.Models.Select(model => $"{model.Model}: {model.Text}"));

    /// <summary>Tells what is untold. What cannot be told stays for the next time.</summary>
    private async Task Tell(DateTimeOffset now, CancellationToken cancellation)
    {
        _trouble = "";
        foreach (IAlertReceiver receiver in _receivers)
        {
            AlertNotice[] mine = [.. State.Untold.Where(notice => notice.Receiver == receiver.Name)];
            ImmutableArray<Alert> alerts = receiver.IsToldAll
                ? [.. State.Alerts.Where(alert => alert is { State: AlertState.Firing, Silence: "" } || (alert.Resolved is { } ended && now - ended < Recent))]
                : [.. mine.Select(notice => notice.Alert)];
            if (alerts.IsEmpty)
                continue;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                await receiver.TellAsync(Tenant, alerts, patience.Token);
            }
            catch (Exception e) when (e is AlertsUntoldException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                string why = e is AlertsUntoldException ? e.Message : $"it did not answer within {Patience.TotalSeconds:0} seconds";
                _trouble = $"{(_trouble.Length > 0 ? _trouble + "; " : "")}{receiver.Name}: {why}";
                log.Untold(Tenant, receiver.Name, why);
                continue;
            }

            if (mine.Length > 0)
                await this.Write(state, State with { Untold = State.Untold.RemoveRange(mine) });
        }
    }
}
