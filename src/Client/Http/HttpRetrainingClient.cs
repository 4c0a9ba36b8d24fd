using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Retraining;

namespace OrleansCluster.Client.Http;

/// <summary>Retraining by itself, over HTTP.</summary>
internal sealed class HttpRetrainingClient(ServiceConnection service) : IRetrainingClient
{
    private const string All = "retraining", Budget = All + "/budget";

    public Task<ImmutableArray<RetrainingStatus>> ListAsync(CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<RetrainingStatus>>(HttpMethod.Get, All, cancellation);

    public Task<RetrainingStatus?> StatusAsync(string model, CancellationToken cancellation = default) =>
        service.AskAsync<RetrainingStatus?>(HttpMethod.Get, Path(model), cancellation);

    public Task<RetrainingStatus> SetAsync(string model, RetrainingPlan plan, CancellationToken cancellation = default) =>
        service.AskAsync<RetrainingStatus>(
            HttpMethod.Put, Path(model), cancellation, Requests.Json(RetrainingDocuments.Of(plan), ApiJson.Default.RetrainingPlanDocument));

    public Task RemoveAsync(string model, CancellationToken cancellation = default) => service.TellAsync(HttpMethod.Delete, Path(model), cancellation);

    public Task<RetrainingStatus> BeginAsync(string model, string by, CancellationToken cancellation = default) => PostAsync(model, "/runs", cancellation);

    public Task<RetrainingStatus> LookAsync(string model, CancellationToken cancellation = default) => PostAsync(model, "/look", cancellation);

    public Task<RetrainingStatus> ResumeAsync(string model, CancellationToken cancellation = default) => PostAsync(model, "/resume", cancellation);

    public Task<RetrainingBudget> BudgetAsync(CancellationToken cancellation = default) =>
        service.AskAsync<RetrainingBudget>(HttpMethod.Get, Budget, cancellation);

    public Task<RetrainingBudget> LimitAsync(int mostADay, CancellationToken cancellation = default) => service.AskAsync<RetrainingBudget>(
        HttpMethod.Put, Budget, cancellation,
        Requests.Json(new RetrainingBudgetDocument { MostADay = mostADay }, ApiJson.Default.RetrainingBudgetDocument));

    private Task<RetrainingStatus> PostAsync(string model, string what, CancellationToken cancellation) =>
        service.AskAsync<RetrainingStatus>(HttpMethod.Post, Path(model) + what, cancellation, Requests.Nothing);

    private static string Path(string model) => Requests.Path("models", "model", model) + "/retraining";
}
