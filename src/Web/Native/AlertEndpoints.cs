using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Alerts;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What is wrong with models, by rules.</summary>
internal sealed class AlertEndpoints(NativeApi api)
{
    private const string Heading = "alerts", All = NativeApi.Root + "/alerts", Rule = All + "/rules/{rule}", Silences = All + "/silences";

    private IAlertClient Alerts => api.Client.Alerts;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", All, "listAlerts", "What is wrong, by which rules, and what is not told", async http =>
        {
            Queries.Check(http.Request);
            await AnswerAsync(http, await Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }).Under(Heading).Gives<AlertsDocument>().Wired(http => Alerts.StatusAsync(http.RequestAborted));
        routes.Map("POST", All + "/look", "lookForAlerts", "Looks now, as is done every minute", async http =>
            await AnswerAsync(http, await Alerts.LookAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Gives<AlertsDocument>().Wired(http => Alerts.LookAsync(http.RequestAborted));
        routes.Map("PUT", Rule, "setAlertRule", "Sets a rule, or another one of its name", async http =>
            await AnswerAsync(http, await SetRuleAsync(http).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Takes<AlertRuleDocument>().Gives<AlertsDocument>().Wired(SetRuleAsync);
        routes.Map("DELETE", Rule, "removeAlertRule", "Takes a rule away; what it raised ends", async http =>
        {
            string name = Queries.Path(http, "rule");
            AlertStatus status = await Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false);
            if (status.Rules.All(rule => rule.Name != name))
                throw ProblemException.Missing($"There is no rule '{name}': there are {string.Join(", ", status.Rules.Select(rule => rule.Name))}.");
            await AnswerAsync(http, await Alerts.RemoveRuleAsync(name, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }).Under(Heading).Gives<AlertsDocument>().Wired(http => Alerts.RemoveRuleAsync(Queries.Path(http, "rule"), http.RequestAborted));
        const string seen = "Says that somebody sees to an alert: it is not told again while it lasts";
        routes.Map("POST", All + "/{alert}/acknowledge", "acknowledgeAlert", seen, async http =>
        {
            string id = Queries.Path(http, "alert");
            AlertStatus status = await Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false);
            if (status.Alerts.All(alert => alert.Id != id || alert.State == AlertState.Resolved))
                throw ProblemException.Missing($"There is no alert {id} that lasts.");
            Alert alert = await AcknowledgeAsync(http).ConfigureAwait(false);
            await Answers.WriteAsync(http, AlertDocuments.Of(alert), ApiJson.Default.AlertDocument).ConfigureAwait(false);
        }).Under(Heading).Gives<AlertDocument>().Wired(AcknowledgeAsync);
        routes.Map("POST", Silences, "silenceAlerts", "Has alerts of a rule, models or a cause not told for a time", async http =>
        {
            AlertSilence made = await SilenceAsync(http).ConfigureAwait(false);
            await Answers.WriteAsync(http, AlertDocuments.Of(made), ApiJson.Default.AlertSilenceDocument).ConfigureAwait(false);
        }).Under(Heading).Takes<AlertSilenceDocument>().Gives<AlertSilenceDocument>().Wired(SilenceAsync);
        routes.Map("DELETE", Silences + "/{silence}", "endSilence", "Ends a silence", async http =>
        {
            string id = Queries.Path(http, "silence");
            AlertStatus status = await Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false);
            if (status.Silences.All(silence => silence.Id != id))
                throw ProblemException.Missing($"There is no silence {id}.");
            await Alerts.UnsilenceAsync(id, http.RequestAborted).ConfigureAwait(false);
            await AnswerAsync(http, await Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }).Under(Heading).Gives<AlertsDocument>();
    }

    private async Task<AlertStatus> SetRuleAsync(HttpContext http)
    {
        AlertRuleDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.AlertRuleDocument).ConfigureAwait(false);
        return await Alerts.SetRuleAsync(AlertDocuments.Read(asked, Queries.Path(http, "rule")), http.RequestAborted).ConfigureAwait(false);
    }

    private Task<Alert> AcknowledgeAsync(HttpContext http) => Alerts.AcknowledgeAsync(Queries.Path(http, "alert"), NativeApi.By, http.RequestAborted);

    private async Task<AlertSilence> SilenceAsync(HttpContext http)
    {
        AlertSilenceDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.AlertSilenceDocument).ConfigureAwait(false);
        (AlertSilence silence, TimeSpan time) = AlertDocuments.Read(asked, NativeApi.By);
        return await Alerts.SilenceAsync(silence, time, http.RequestAborted).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, AlertStatus status) =>
        Answers.WriteAsync(http, AlertDocuments.Of(status), ApiJson.Default.AlertsDocument);
}
