using System.Reflection;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Every endpoint, as nobody, as too little, and as the wrong tenant.</summary>
[Collection(nameof(GuardedService))]
public sealed class RightsTests(GuardedService service)
{
    /// <summary>Who may ask what: decided here for each endpoint, so that a new one is decided, too.</summary>
    private static readonly Dictionary<string, string?> Needed = new()
    {
        ["isLive"] = null,
        ["isReady"] = null,
        ["hasStarted"] = null,
        ["inferenceIsLive"] = null,
        ["inferenceIsReady"] = null,
    };

    /// <summary>What tells of all tenants: for those of the default one alone, however much others may of their own.</summary>
    private static readonly string[] OfAllTenants = ["getCluster"];

    private static readonly (string Role, string[] Operations)[] Decided =
    [
        (Roles.Reader,
        [
            "listDatasets", "getDataset", "getDatasetVersion", "listJobs", "getJob", "getJobReport", "watchJob", "listModels", "getModel", "getVersion",
            "getPackage", "getProfile", "diffVersions", "auditModel", "getPolicy", "getRoute", "listWindows", "getDrift", "listSegmentChecks", "listFamilies",
            "listRetraining", "getRetraining", "getRetrainingBudget", "listAlerts",
            "getFamily", "inferenceServer", "inferenceModels",
            "inferenceModel", "inferenceModelIsReady", "inferenceVersion", "inferenceVersionIsReady", "ping", "health", "version",
            "readRows", "verifyShard", "resolveModel", "getParameters", "getAlignment", "getDistances", "getAgreement",
        ]),
        (Roles.Scorer, ["assignRows", "scoreRows", "sampleRows", "evaluateRows", "explainRows", "profileClusters",
            "inferModel", "inferVersion", "invocations", "assignDataset",
            "getDivergence"]),
        (Roles.Trainer, ["uploadDataset", "appendDataset", "startJob", "planJob", "cancelJob", "suspendJob", "resumeJob", "beginImport", "importRows",
            "tellSegmentCheck", "continueImport", "importCategories", "importExpectations", "commitImport", "abortImport"]),
        (Roles.Operator,
        [
            "setAlias", "removeAlias", "rollbackAlias", "describeModel", "tagModel", "nameCluster", "pruneModel", "setPolicy", "removePolicy", "setRoute",
            "abortRoute", "deleteDataset", "deleteDatasetVersion", "deleteModel", "deleteVersion", "deleteJob", "renameDataset", "compactDataset",
            "setRetraining", "removeRetraining", "beginRetraining", "lookAtRetraining", "resumeRetraining", "setRetrainingBudget",
            "getCluster", "lookForAlerts", "setAlertRule", "removeAlertRule", "acknowledgeAlert", "silenceAlerts", "endSilence", "packModel", "readBlob",
        ]),
        (Roles.Admin, ["listKeys", "makeKey", "rotateKey", "revokeKey", "readAudit", "readUsage", "writeBlob", "unpackModel"]),
    ];

    static RightsTests()
    {
        foreach ((string role, string[] operations) in Decided)
        {
            foreach (string operation in operations)
                Needed.Add(operation, role);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_gets_in_and_every_role_gets_as_far_as_it_goes()
    {
        string tenant = await service.TenantWithModelAsync();
        Dictionary<string, ApiKey> keys = await service.KeysAsync(tenant);
        int walked = 0;
        foreach ((HttpMethod method, string path, string operation) in Operations())
        {
            Needed.ShouldContainKey(operation, $"decide who may {operation}");
            string? needed = Needed[operation];
            string asked = Fill(path, "m");
            Answer nobody = await service.SendAsync(method, asked, null, Body(method));
            if (needed is null)
            {
                nobody.Succeeded();
                continue;
            }

            nobody.Refused(401, "unauthenticated");
            nobody.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            (await service.SendAsync(method, asked, "oc_nobody_" + new string('A', 43), Body(method))).Refused(401, "unauthenticated");
            foreach (string role in Roles.All)
            {
                // Whoever may ask would change what the rest of the walk asks about.
                if (Roles.Includes(role, needed) && method != HttpMethod.Get)
                    continue;
                Answer answer = await service.SendAsync(method, asked, keys[role].Text, Body(method));
                if (Roles.Includes(role, needed) && OfAllTenants.Contains(operation))
                    answer.Refused(403, "forbidden").ShouldContain("tell of all tenants");
                else if (Roles.Includes(role, needed))
                    ((int)answer.Status).ShouldNotBeOneOf([401, 403], $"{role} {operation}");
                else
                    answer.Refused(403, "forbidden").ShouldContain(needed);
            }

            walked++;
        }

        walked.ShouldBeGreaterThan(40);
        Answer head = await service.SendAsync(HttpMethod.Head, "/api/v1/models/m", null);
        ((int)head.Status).ShouldBe(401);
        (await service.SendAsync(HttpMethod.Get, "/nothing/here", null)).Refused(401);
    }

    [Fact]
    public async Task What_another_tenant_has_is_not_there()
    {
        string tenant = await service.TenantWithModelAsync(), other = await service.TenantAsync();
        ApiKey owner = await service.KeyAsync(tenant, Roles.Admin), stranger = await service.KeyAsync(other, Roles.Admin);
        string job = (await service.SendAsync(HttpMethod.Get, "/api/v1/jobs", owner.Text)).Succeeded().GetProperty("items")[0].GetProperty("id").GetString()!;
        string before = await StateAsync(owner);
        foreach ((HttpMethod method, string path, string operation) in Operations())
        {
            if (!path.Contains('{', StringComparison.Ordinal) || operation is "getFamily")
                continue;
            // Uploading and the like under the same name makes something of the stranger's own.
            if (operation is "uploadDataset" or "appendDataset" or "abortImport" or "ping" or "health" or "version")
                continue;
            Answer answer = await service.SendAsync(method, Fill(path, "m").Replace("JOB", job, StringComparison.Ordinal), stranger.Text, Body(method));
            // What is answered with a value and not with a problem is what is answered of what is nowhere.
            if (answer.Type == WireFormat.MediaType)
                answer.Body.ShouldBe((await service.SendAsync(method, Fill(path, "nowhere"), stranger.Text, Body(method))).Body, operation);
            else
                ((int)answer.Status).ShouldBeOneOf([400, 404, 415, 422, 428], $"{operation}: {answer.Text}");
            answer.Text.ShouldNotContain(tenant);
        }

        foreach (string list in (string[])["/api/v1/datasets", "/api/v1/models", "/api/v1/jobs"])
            (await service.SendAsync(HttpMethod.Get, list, stranger.Text)).Succeeded().GetProperty("items").GetArrayLength().ShouldBe(0);
        (await service.SendAsync(HttpMethod.Get, "/v2/models", stranger.Text)).Text.ShouldNotContain("\"m\"");
        (await StateAsync(owner)).ShouldBe(before);
        // What is known of one tenant's model answers no other's, once it is known.
        Answer asked = await service.SendAsync(HttpMethod.Post, "/api/v1/models/m/assign", owner.Text, """{"rows": [[0, 0]]}""");
        asked.Succeeded();
        (await service.SendAsync(HttpMethod.Post, "/api/v1/models/m/assign", stranger.Text, """{"rows": [[0, 0]]}""")).Refused(404, "not-found");
    }

    private static IEnumerable<(HttpMethod Method, string Path, string Operation)> Operations()
    {
        using Stream golden = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        using var description = JsonDocument.Parse(golden);
        foreach (JsonProperty path in description.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(member => member.Value.TryGetProperty("operationId", out _)))
                yield return (HttpMethod.Parse(operation.Name), path.Name, operation.Value.GetProperty("operationId").GetString()!);
        }
    }

    private static string Fill(string path, string name) => path
        .Replace("{model}", name, StringComparison.Ordinal).Replace("{dataset}", name, StringComparison.Ordinal)
        .Replace("{tenant}", name, StringComparison.Ordinal)
        .Replace("{version}", "1", StringComparison.Ordinal).Replace("{job}", "JOB", StringComparison.Ordinal)
        .Replace("{alias}", "champion", StringComparison.Ordinal).Replace("{cluster}", "0", StringComparison.Ordinal)
        .Replace("{family}", "kmeans", StringComparison.Ordinal).Replace("{key}", "KEY", StringComparison.Ordinal)
        .Replace("{import}", "IMPORT", StringComparison.Ordinal).Replace("{shard}", "0", StringComparison.Ordinal);

    private static string? Body(HttpMethod method) => method == HttpMethod.Get ? null : """{"rows": [[0, 0]]}""";

    private async Task<string> StateAsync(ApiKey owner)
    {
        var texts = new List<string>();
        foreach (string path in (string[])["/api/v1/models/m", "/api/v1/datasets/m", "/api/v1/jobs", "/api/v1/models/m/policy", "/api/v1/models/m/route"])
            texts.Add((await service.SendAsync(HttpMethod.Get, path, owner.Text)).Text);
        Stop.ThrowIfCancellationRequested();
        return string.Join('\n', texts);
    }
}
