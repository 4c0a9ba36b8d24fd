using System.Runtime.InteropServices;
using OrleansCluster.Alerts;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Alerts;

/// <summary>Models that are watched in a living cluster.</summary>
public sealed class AlertsTests(SharedCluster shared)
{
    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();

    private ClusteringClient Client => _tenant.Client();

    [Fact]
    public async Task A_column_that_drifts_is_one_alert_of_all_its_models_until_it_is_well_again()
    {
        float[] rows = Rows.Clouds(600), moved = [.. rows.Select((value, i) => i % 2 == 1 ? value * 100 : value)];
        await Client.Import("points", rows);
        foreach (string model in (string[])["a", "b"])
            await Client.Train(Rows.Request("points", model, restarts: 1));
        (await Client.Alerts.LookAsync()).Alerts.ShouldBeEmpty();
        await Client.Alerts.SetRuleAsync(new AlertRule { Name = "drift", Figure = AlertFigures.Drift, Above = 0.2, Severity = AlertSeverities.Page });
        await Client.Alerts.SetRuleAsync(new AlertRule { Name = "strange", Figure = AlertFigures.Outside, Above = 0.5 });
        foreach (string model in (string[])["a", "b"])
            await ObserveAsync(model, "w1", moved);
        AlertStatus status = await Client.Alerts.LookAsync();
        status.Receivers.ShouldBe(["log"]);
        Alert drift = status.Alerts.Single(alert => alert.Rule == "drift");
        (drift.Cause, drift.State, drift.Severity).ShouldBe(("x2", AlertState.Firing, "page"));
        drift.Models.Select(model => model.Model).ShouldBe(["a", "b"]);
        drift.Models[0].Text.ShouldContain("'x2'");
        status.Alerts.Single(alert => alert.Rule == "strange").Cause.ShouldBe("x2");

        (await Client.Alerts.AcknowledgeAsync(drift.Id, "ana")).By.ShouldBe("ana");
        AlertSilence silence = await Client.Alerts.SilenceAsync(new AlertSilence { Rule = "strange" }, TimeSpan.FromHours(1));
        (await Client.Alerts.LookAsync()).Alerts.Single(alert => alert.Rule == "strange").Silence.ShouldBe(silence.Id);
        await Client.Alerts.UnsilenceAsync(silence.Id);
        await Should.ThrowAsync<ClusteringException>(Client.Alerts.UnsilenceAsync(silence.Id));

        await ObserveAsync("a", "w2", rows);
        (await Client.Alerts.LookAsync()).Alerts.Single(alert => alert.Rule == "drift").Models.ShouldHaveSingleItem().Model.ShouldBe("b");
        ModelOutline gone = (await Client.Models.FindAsync("b"))!;
        await Client.Models.DeleteAsync("b", Client.Models.Change(gone.Info), 0, force: true);
        status = await Client.Alerts.LookAsync();
        status.Alerts.ShouldAllBe(alert => alert.State == AlertState.Resolved);
        status.Rules.Select(rule => rule.Name).ShouldBe(["drift", "retraining-failed", "retraining-stopped", "strange"]);
        (await Client.Alerts.RemoveRuleAsync("retraining-failed")).Rules.Length.ShouldBe(3);
        await Should.ThrowAsync<ClusteringException>(Client.Alerts.AcknowledgeAsync(drift.Id, "ana"));
    }

    private async Task ObserveAsync(string model, string window, float[] values) => await Client.Monitor.KeepAsync(
        model, window, await Client.Monitor.ObserveAsync(model, new ObserveQuery
        {
            Version = 1,
            Rows = new RowsPayload { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() },
        }));
}
