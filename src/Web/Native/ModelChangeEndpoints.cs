using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What people say of models: aliases, tags, descriptions, names of clusters, policies; and which versions are kept.</summary>
internal sealed class ModelChangeEndpoints(NativeApi api)
{
    private const string Heading = "models", One = NativeApi.Root + "/models/{model}", Alias = One + "/aliases/{alias}", Policy = One + "/policy";
    private const int LongestBody = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map(
            "PUT", Alias, "setAlias", "Points an alias to a version; the alias champion promotes it",
            SetAliasAsync).Under(Heading).Takes<AliasChangeDocument>().Gives<ModelDocument>().Changes()
            .Wired(SetAliasWiredAsync);
        routes.Map(
            "DELETE", Alias, "removeAlias", "Takes an alias away",
            http => ChangeAsync(http, (model, change) => api.Client.Models.RemoveAliasAsync(model, change, Queries.Path(http, "alias"), http.RequestAborted)))
            .Under(Heading).Gives<ModelDocument>().Changes()
            .Wired(http => Models.RemoveAliasAsync(Name(http), ModelChanges.Exact(http), Queries.Path(http, "alias"), http.RequestAborted));
        routes.Map(
            "POST", Alias + "/rollback", "rollbackAlias", "Points an alias to where it pointed before",
            http => ChangeAsync(http, (model, change) => api.Client.Models.RollbackAsync(model, change, Queries.Path(http, "alias"), http.RequestAborted)))
            .Under(Heading).Gives<ModelDocument>().Changes()
            .Wired(http => Models.RollbackAsync(Name(http), ModelChanges.Exact(http), Queries.Path(http, "alias"), http.RequestAborted));
        routes.Map(
            "PUT", One + "/description", "describeModel", "Describes the model, or one version",
            DescribeAsync).Under(Heading).Takes<DescriptionDocument>().Gives<ModelDocument>().Changes()
            .Wired(DescribeWiredAsync);
        routes.Map(
            "PATCH", One + "/tags", "tagModel", "Sets tags of the model, or of one version; an empty value takes a tag away",
            TagAsync).Under(Heading).Takes<TagsDocument>().Gives<ModelDocument>().Changes()
            .Wired(TagWiredAsync);
        routes.Map(
            "PUT", One + "/clusters/{cluster}", "nameCluster", "Says what a cluster is, in every version that has it",
            NameAsync).Under(Heading).Takes<ClusterNoteDocument>().Gives<ModelDocument>().Changes()
            .Wired(NameWiredAsync);
        routes.Map(
            "POST", One + "/prune", "pruneModel", "Lets go of the parameters of old versions",
            PruneAsync).Under(Heading).Takes<PruneDocument>().Gives<PrunedDocument>().Changes()
            .Wired(PruneWiredAsync);
        routes.Map("GET", Policy, "getPolicy", "What new versions are judged by", PolicyAsync).Under(Heading).Gives<PolicyDocument>()
            .Wired(http => Models.PolicyAsync(Name(http), http.RequestAborted));
        routes.Map(
            "PUT", Policy, "setPolicy", "Sets all that new versions are judged by",
            SetPolicyAsync).Under(Heading).Takes<PolicyDocument>().Gives<ModelDocument>().Changes()
            .Wired(SetPolicyWiredAsync);
        routes.Map(
            "DELETE", Policy, "removePolicy", "Has new versions judged by nothing",
            http => ChangeAsync(http, (model, change) => api.Client.Models.SetPolicyAsync(model, change, null, http.RequestAborted)))
            .Under(Heading).Gives<ModelDocument>().Changes()
            .Wired(http => Models.SetPolicyAsync(Name(http), ModelChanges.Exact(http), null, http.RequestAborted));
    }

    private IModelClient Models => api.Client.Models;

    private static string Name(HttpContext http) => Queries.Path(http, "model");

    private async Task SetAliasAsync(HttpContext http)
    {
        string alias = ModelReference.CheckAlias(Queries.Path(http, "alias"));
        (AliasChangeDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.AliasChangeDocument).ConfigureAwait(false);
        if (asked.Version < 1)
            throw ProblemException.Content("The alias needs the version that it is to point to: {\"version\": 1}.");
        await api.ChangeModelAsync(
            http, body, asked.Reason,
            (model, change) => api.Client.Models.SetAliasAsync(model.Name, change, alias, asked.Version, http.RequestAborted)).ConfigureAwait(false);
    }

    private async Task DescribeAsync(HttpContext http)
    {
        (DescriptionDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.DescriptionDocument).ConfigureAwait(false);
        await api.ChangeModelAsync(
            http, body, asked.Reason,
            (model, change) => api.Client.Models.DescribeAsync(model.Name, change, asked.Version, asked.Text, http.RequestAborted)).ConfigureAwait(false);
    }

    private async Task TagAsync(HttpContext http)
    {
        (TagsDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.TagsDocument).ConfigureAwait(false);
        ImmutableArray<ModelTag> tags = Tags(asked);
        await api.ChangeModelAsync(
            http, body, asked.Reason,
            (model, change) => api.Client.Models.TagAsync(model.Name, change, asked.Version, tags, http.RequestAborted)).ConfigureAwait(false);
    }

    private static ImmutableArray<ModelTag> Tags(TagsDocument asked)
    {
        return [.. asked.Tags.Select(tag => new ModelTag { Key = tag.Key, Value = Text(tag.Key, tag.Value) })];

        static string Text(string key, JsonNode? value) => value is JsonValue one && one.TryGetValue(out string? text)
            ? text
            : throw ProblemException.Content($"The tag '{key}' is {value?.ToJsonString() ?? "null"}: its value must be a text.");
    }

    private async Task NameAsync(HttpContext http)
    {
        (ClusterNoteDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.ClusterNoteDocument).ConfigureAwait(false);
        string text = Queries.Path(http, "cluster");
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int cluster))
            throw ProblemException.Missing($"'{text}' is no id of a cluster: ids are whole numbers from 0.");
        ClusterNote note = Note(asked, cluster);
        await api.ChangeModelAsync(
            http, body, "", (model, change) => api.Client.Models.NameClusterAsync(model.Name, change, note, http.RequestAborted)).ConfigureAwait(false);
    }

    private async Task PruneAsync(HttpContext http)
    {
        (PruneDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.PruneDocument).ConfigureAwait(false);
        RetentionPolicy policy = Retention(asked);
        (string name, ImmutableArray<RetentionVerdict> verdicts) = await api.ChangeAsync(
            http, body, asked.Reason, async (model, change) =>
                (model.Name, await api.Client.Models.PruneAsync(model.Name, change, policy, http.RequestAborted).ConfigureAwait(false))).ConfigureAwait(false);
        await Answers.WriteAsync(
            http,
            new PrunedDocument
            {
                Model = name,
                DryRun = asked.DryRun,
                Versions = [.. verdicts.Select(verdict => new VerdictDocument { Version = verdict.Version, Pruned = verdict.Pruned, Why = verdict.Why })],
            },
            ApiJson.Default.PrunedDocument).ConfigureAwait(false);
    }

    private async Task PolicyAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        GatePolicy policy = await api.Client.Models.PolicyAsync(model.Name, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"The model '{model.Name}' has no policy: no version is promoted by itself.");
        http.Response.Headers.ETag = Answers.Tag(model.Info.Revision);
        await Answers.WriteAsync(
            http,
            new PolicyDocument
            {
                Rules = [.. policy.Rules.Select(rule => new GateRuleDocument { Metric = rule.Metric, Limit = rule.Limit, Otherwise = rule.Otherwise })],
                HeldOut = policy.HeldOut,
            },
            ApiJson.Default.PolicyDocument).ConfigureAwait(false);
    }

    private async Task SetPolicyAsync(HttpContext http)
    {
        (PolicyDocument asked, ReadOnlyMemory<byte> body) = await ReadAsync(http, ApiJson.Default.PolicyDocument).ConfigureAwait(false);
        GatePolicy policy = Gates(asked);
        await api.ChangeModelAsync(
            http, body, "", (model, change) => api.Client.Models.SetPolicyAsync(model.Name, change, policy, http.RequestAborted)).ConfigureAwait(false);
    }

    private static ClusterNote Note(ClusterNoteDocument asked, int cluster) =>
        new() { Cluster = cluster, Name = asked.Name, Colour = asked.Colour, Note = asked.Note };

    private static RetentionPolicy Retention(PruneDocument asked)
    {
        if (asked.YoungerThanSeconds is { } age && age is not (>= 0 and <= 3.2e9))
            throw ProblemException.Content($"younger_than_seconds is {age}, and must be 0 or more.");
        return new RetentionPolicy
        {
            Keep = asked.Keep,
            YoungerThan = asked.YoungerThanSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Rollbacks = asked.Rollbacks,
            DryRun = asked.DryRun,
        };
    }

    private static GatePolicy Gates(PolicyDocument asked) => new()
    {
        Rules = [.. asked.Rules.Select(rule =>
            new GateRule { Metric = rule.Metric, Limit = rule.Limit, Otherwise = rule.Otherwise.Length > 0 ? rule.Otherwise : GateVerdicts.Challenger })],
        HeldOut = asked.HeldOut,
    };

    private async Task<ModelInfo> SetAliasWiredAsync(HttpContext http)
    {
        (AliasChangeDocument asked, _) = await ReadAsync(http, ApiJson.Default.AliasChangeDocument).ConfigureAwait(false);
        return await Models.SetAliasAsync(Name(http), ModelChanges.Exact(http), Queries.Path(http, "alias"), asked.Version, http.RequestAborted)
            .ConfigureAwait(false);
    }

    private async Task<ModelInfo> DescribeWiredAsync(HttpContext http)
    {
        (DescriptionDocument asked, _) = await ReadAsync(http, ApiJson.Default.DescriptionDocument).ConfigureAwait(false);
        return await Models.DescribeAsync(Name(http), ModelChanges.Exact(http), asked.Version, asked.Text, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ModelInfo> TagWiredAsync(HttpContext http)
    {
        (TagsDocument asked, _) = await ReadAsync(http, ApiJson.Default.TagsDocument).ConfigureAwait(false);
        return await Models.TagAsync(Name(http), ModelChanges.Exact(http), asked.Version, Tags(asked), http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ModelInfo> NameWiredAsync(HttpContext http)
    {
        (ClusterNoteDocument asked, _) = await ReadAsync(http, ApiJson.Default.ClusterNoteDocument).ConfigureAwait(false);
        return await Models.NameClusterAsync(
            Name(http), ModelChanges.Exact(http), Note(asked, Queries.Whole(http, "cluster")), http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ImmutableArray<RetentionVerdict>> PruneWiredAsync(HttpContext http)
    {
        (PruneDocument asked, _) = await ReadAsync(http, ApiJson.Default.PruneDocument).ConfigureAwait(false);
        return await Models.PruneAsync(Name(http), ModelChanges.Exact(http), Retention(asked), http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ModelInfo> SetPolicyWiredAsync(HttpContext http)
    {
        (PolicyDocument asked, _) = await ReadAsync(http, ApiJson.Default.PolicyDocument).ConfigureAwait(false);
        return await Models.SetPolicyAsync(Name(http), ModelChanges.Exact(http), Gates(asked), http.RequestAborted).ConfigureAwait(false);
    }

    private Task ChangeAsync(HttpContext http, Func<string, ModelChange, Task<ModelInfo>> change)
    {
        Queries.Check(http.Request, ModelChanges.Parameters);
        return api.ChangeModelAsync(http, default, Queries.Text(http.Request, ModelChanges.Reason) ?? "", (model, asked) => change(model.Name, asked));
    }

    private static async Task<(T Asked, ReadOnlyMemory<byte> Body)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        Queries.Check(http.Request, ModelChanges.Parameters);
        ReadOnlyMemory<byte> body = await Bodies.ReadJsonAsync(http, LongestBody).ConfigureAwait(false);
        return (Bodies.Parse(body, type), body);
    }
}
