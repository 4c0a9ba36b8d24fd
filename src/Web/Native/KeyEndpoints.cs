using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Keys of the tenant of who asks: made, listed, followed by others, and revoked.</summary>
internal static class KeyEndpoints
{
    private const string Heading = "access", Keys = NativeApi.Root + "/keys", One = Keys + "/{key}", Grace = "grace_seconds";
    private const int UsualGrace = 3600, LongestGrace = 90 * 24 * 3600;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Keys, "listKeys", "The tenant's keys, newest first; none is shown whole", ListAsync).Under(Heading).Gives<KeysDocument>();
        routes.Map("POST", Keys, "makeKey", "Makes a key, which is in this answer and in no other", MakeAsync).Under(Heading)
            .Takes<NewKeyDocument>().Gives<KeyDocument>(StatusCodes.Status201Created);
        routes.Map(
            "POST", One + "/rotate", "rotateKey", "Makes a key with the rights of another, which then opens for a while only", RotateAsync).Under(Heading)
            .Knows(Grace, "How long the key before still opens, in seconds [default: 3600]", number: true).Gives<KeyDocument>(StatusCodes.Status201Created);
        routes.Map("DELETE", One, "revokeKey", "Has a key open nothing any more", RevokeAsync).Under(Heading).Gives<KeyDocument>();
    }

    private static async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ImmutableArray<KeyInfo> keys = await Administration(http).KeysAsync(Caller.Current.Tenant, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, new KeysDocument { Items = [.. keys.Select(key => Document(key))] }, ApiJson.Default.KeysDocument).ConfigureAwait(false);
    }

    private static async Task MakeAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        IAdministration administration = Administration(http);
        NewKeyDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.NewKeyDocument).ConfigureAwait(false);
        await AnswerAsync(http, await administration.MakeKeyAsync(
            new KeyInfo
            {
                Id = "",
                Tenant = Caller.Current.Tenant,
                Role = Roles.Check(asked.Role),
                Models = [.. (asked.Models ?? []).Select(model => GrainKeys.CheckName("model", model))],
                Label = asked.Label ?? "",
                By = NativeApi.By,
                Expires = asked.Expires,
            },
            http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task RotateAsync(HttpContext http)
    {
        Queries.Check(http.Request, Grace);
        KeyInfo before = await FindAsync(http).ConfigureAwait(false);
        int grace = Queries.Number(http.Request, Grace, 0, LongestGrace) ?? UsualGrace;
        await AnswerAsync(http, await Administration(http).RotateKeyAsync(
            before.Tenant, before.Id, TimeSpan.FromSeconds(grace), NativeApi.By, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task RevokeAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        KeyInfo key = await FindAsync(http).ConfigureAwait(false);
        key = await Administration(http).RevokeKeyAsync(key.Tenant, key.Id, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, Document(key), ApiJson.Default.KeyDocument).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, (ApiKey Key, KeyInfo Info) made) =>
        Answers.WriteAsync(http, StatusCodes.Status201Created, Document(made.Info, made.Key.Text), ApiJson.Default.KeyDocument);

    /// <exception cref="ProblemException">The tenant has no such key; whether another one has is not told.</exception>
    private static async Task<KeyInfo> FindAsync(HttpContext http)
    {
        string id = Queries.Path(http, "key");
        ImmutableArray<KeyInfo> keys = await Administration(http).KeysAsync(Caller.Current.Tenant, http.RequestAborted).ConfigureAwait(false);
        return keys.FirstOrDefault(key => key.Id == id) ?? throw ProblemException.Missing($"There is no key {id}: the list of keys has those that there are.");
    }

    /// <exception cref="ProblemException">Nobody shows keys here.</exception>
    private static IAdministration Administration(HttpContext http) => http.RequestServices.GetService<WebAccess>()?.Administration
        ?? throw new ProblemException(409, ProblemKinds.Conflict, "This service asks nobody for a key: start it with --keys, or make keys where it runs.");

    private static KeyDocument Document(KeyInfo key, string? text = null) => new()
    {
        Id = key.Id,
        Key = text,
        Tenant = key.Tenant,
        Role = key.Role,
        Models = [.. key.Models],
        Label = key.Label,
        Created = key.Created,
        By = key.By,
        Expires = key.Expires,
        Revoked = key.Revoked,
        Replaces = key.Replaces.Length > 0 ? key.Replaces : null,
    };
}
