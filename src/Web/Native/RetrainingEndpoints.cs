using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Retraining;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Models that are retrained by themselves.</summary>
internal sealed class RetrainingEndpoints(NativeApi api)
{
    private const string Heading = "retraining", All = NativeApi.Root + "/retraining", Budget = All + "/budget",
        One = NativeApi.Root + "/models/{model}/retraining";

    private IRetrainingClient Retraining => api.Client.Retraining;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", All, "listRetraining", "The models that are retrained by themselves, by name", ListAsync)
            .Under(Heading).Gives<RetrainingPageDocument>().Wired(http => Retraining.ListAsync(http.RequestAborted));
        routes.Map("GET", One, "getRetraining", "When a model is retrained by itself, what is under way, and what became of earlier runs", FindAsync)
            .Under(Heading).Gives<RetrainingDocument>().Wired(http => Retraining.StatusAsync(Name(http), http.RequestAborted));
        routes.Map("PUT", One, "setRetraining", "Has a model retrained by itself", SetAsync)
            .Under(Heading).Takes<RetrainingPlanDocument>().Gives<RetrainingDocument>().Wired(SetPlanAsync);
        routes.Map("DELETE", One, "removeRetraining", "Has a model retrained by itself no more; a canary of its is ended", RemoveAsync)
            .Under(Heading).Gives<RetrainingDocument>();
        Post(routes, "/runs", "beginRetraining", "Begins a run now; where one is under way it goes on",
            http => Retraining.BeginAsync(Name(http), NativeApi.By, http.RequestAborted));
        Post(routes, "/look", "lookAtRetraining", "Looks now whether anything is due and takes the next step, as is done every minute",
            http => Retraining.LookAsync(Name(http), http.RequestAborted));
        Post(routes, "/resume", "resumeRetraining", "Goes on after too many runs came to nothing",
            http => Retraining.ResumeAsync(Name(http), http.RequestAborted));
        routes.Map("GET", Budget, "getRetrainingBudget", "How many retrainings begin by themselves in a day, of all models together",
            async http => await BudgetAsync(http, await Retraining.BudgetAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Gives<RetrainingBudgetDocument>().Wired(http => Retraining.BudgetAsync(http.RequestAborted));
        routes.Map("PUT", Budget, "setRetrainingBudget", "Sets how many retrainings begin by themselves in a day; 0: as many as the plans say",
            async http => await BudgetAsync(http, await LimitAsync(http).ConfigureAwait(false)).ConfigureAwait(false))
            .Under(Heading).Takes<RetrainingBudgetDocument>().Gives<RetrainingBudgetDocument>().Wired(LimitAsync);
    }

    private void Post(IEndpointRouteBuilder routes, string what, string name, string summary, Func<HttpContext, Task<RetrainingStatus>> ask) =>
        routes.Map("POST", One + what, name, summary, async http =>
        {
            Queries.Check(http.Request);
            await StatusAsync(http).ConfigureAwait(false);
            await AnswerAsync(http, await ask(http).ConfigureAwait(false)).ConfigureAwait(false);
        }).Under(Heading).Gives<RetrainingDocument>().Wired(ask);

    private static string Name(HttpContext http) => Queries.Path(http, "model");

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ImmutableArray<RetrainingStatus> all = await Retraining.ListAsync(http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(
            http, new RetrainingPageDocument { Items = [.. all.Select(RetrainingDocuments.Of)] }, ApiJson.Default.RetrainingPageDocument)
            .ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await AnswerAsync(http, await StatusAsync(http).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task SetAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await api.ModelAsync(http).ConfigureAwait(false);
        await AnswerAsync(http, await SetPlanAsync(http).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<RetrainingStatus> SetPlanAsync(HttpContext http)
    {
        RetrainingPlanDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RetrainingPlanDocument).ConfigureAwait(false);
        return await Retraining.SetAsync(Name(http), RetrainingDocuments.Read(asked, NativeApi.By), http.RequestAborted).ConfigureAwait(false);
    }

    private async Task RemoveAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        RetrainingStatus before = await StatusAsync(http).ConfigureAwait(false);
        await Retraining.RemoveAsync(before.Model, http.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(http, before).ConfigureAwait(false);
    }

    private async Task<RetrainingStatus> StatusAsync(HttpContext http)
    {
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        return await Retraining.StatusAsync(model.Name, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"The model '{model.Name}' is not retrained by itself: PUT a plan there.");
    }

    private async Task<RetrainingBudget> LimitAsync(HttpContext http)
    {
        RetrainingBudgetDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RetrainingBudgetDocument).ConfigureAwait(false);
        return await Retraining.LimitAsync(asked.MostADay, http.RequestAborted).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, RetrainingStatus status) =>
        Answers.WriteAsync(http, RetrainingDocuments.Of(status), ApiJson.Default.RetrainingDocument);

    private static Task BudgetAsync(HttpContext http, RetrainingBudget budget)
    {
        Queries.Check(http.Request);
        return Answers.WriteAsync(http, RetrainingDocuments.Of(budget), ApiJson.Default.RetrainingBudgetDocument);
    }
}
