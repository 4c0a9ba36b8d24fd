using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Client.Http;

/// <content>Routes and gates.</content>
internal sealed partial class HttpModelClient
{
    private const string RoutePath = "/route", PolicyPath = "/policy";

    public Task<RouteStatus?> RouteAsync(string name, CancellationToken cancellation = default) => GetAsync<RouteStatus?>(name, RoutePath, cancellation);

    public Task<RouteAgreement> AgreementAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<RouteAgreement>(name, RoutePath + "/agreement", cancellation);

    public Task<ModelInfo> SetRouteAsync(string name, ModelChange change, RouteChange route, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Kind == RouteChangeKind.Abort
            ? ChangeAsync<ModelInfo>(HttpMethod.Delete, name, RoutePath, change, cancellation)
            : ChangeAsync<ModelInfo>(
                HttpMethod.Put, name, RoutePath, change, cancellation, Requests.Json(Requests.Route(route), ApiJson.Default.RouteChangeDocument));
    }

    public Task<GatePolicy?> PolicyAsync(string name, CancellationToken cancellation = default) => GetAsync<GatePolicy?>(name, PolicyPath, cancellation);

    public Task<ModelInfo> SetPolicyAsync(string name, ModelChange change, GatePolicy? policy, CancellationToken cancellation = default)
    {
        if (policy is null)
            return ChangeAsync<ModelInfo>(HttpMethod.Delete, name, PolicyPath, change, cancellation);
        var document = new PolicyDocument
        {
            Rules = [.. policy.Rules.Select(rule => new GateRuleDocument { Metric = rule.Metric, Limit = rule.Limit, Otherwise = rule.Otherwise })],
            HeldOut = policy.HeldOut,
        };
        return ChangeAsync<ModelInfo>(HttpMethod.Put, name, PolicyPath, change, cancellation, Requests.Json(document, ApiJson.Default.PolicyDocument));
    }
}
