using System.Text.Json;
using OrleansCluster.Client;

namespace OrleansCluster.Cli.Tests;

/// <summary>Tenants and keys from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class TenantCommandTests
{
    private const int Usage = 2;

    [Fact]
    public async Task A_tenant_has_its_own_models_and_keys()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", "x,y\n0,0\n0,1\n10,0\n10,1\n");
        (await work.RunAsync("models", "list", "--tenant", "acme")).Refused(Usage).ShouldContain("There is no tenant 'acme'");
        JsonElement made = await work.JsonAsync("tenants", "create", "acme", "--stored-bytes", "2G", "--rows-per-second", "5000");
        made[0].GetProperty("quotas").GetProperty("stored_bytes").GetInt64().ShouldBe(2L << 30);
        (await work.RunAsync("tenants", "create", "acme")).ExitCode.ShouldNotBe(0);

        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "m", "--tenant", "acme");
        (await work.JsonAsync("models", "list")).GetArrayLength().ShouldBe(0);
        (await work.JsonAsync("models", "list", "--tenant", "acme")).GetArrayLength().ShouldBe(1);

        JsonElement key =
            await work.JsonAsync("keys", "create", "--role", "scorer", "--models", "m", "--label", "shop", "--expires", "90d", "--tenant", "acme");
        ApiKey.Parse(key.GetProperty("key").GetString()).ShouldNotBeNull().Id.ShouldBe(key.GetProperty("id").GetString());
        string id = key.GetProperty("id").GetString()!;
        JsonElement rotated = await work.JsonAsync("keys", "rotate", id, "--grace", "10m", "--tenant", "acme");
        rotated.GetProperty("replaces").GetString().ShouldBe(id);
        await work.JsonAsync("keys", "revoke", id, "--tenant", "acme");
        JsonElement keys = await work.JsonAsync("keys", "list", "--tenant", "acme");
        keys.GetArrayLength().ShouldBe(2);
        keys.EnumerateArray().Count(shown => shown.TryGetProperty("key", out _)).ShouldBe(0);
        keys[1].GetProperty("revoked").ValueKind.ShouldBe(JsonValueKind.String);
        (await work.RunAsync("keys", "list", "--tenant", "acme")).Output.ShouldContain("revoked");

        (await work.JsonAsync("tenants", "suspend", "acme"))[0].GetProperty("suspended").ValueKind.ShouldBe(JsonValueKind.String);
        (await work.JsonAsync("tenants", "resume", "acme"))[0].GetProperty("suspended").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement limited = await work.JsonAsync("tenants", "limit", "acme", "--models", "3");
        (limited[0].GetProperty("quotas").GetProperty("models").GetInt64(), limited[0].GetProperty("quotas").GetProperty("rows_per_second").GetInt64())
            .ShouldBe((3, 5000));
        (await work.RunAsync("tenants", "delete", "acme")).Refused(1).ShouldContain("datasets (points)");
        await work.JsonAsync("tenants", "create", "brief");
        (await work.RunAsync("tenants", "delete", "brief")).ExitCode.ShouldBe(0);
        await work.JsonAsync("tenants", "create", "full");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "m", "--tenant", "full");
        JsonElement gone = await work.JsonAsync("tenants", "delete", "full", "--force");
        gone.GetProperty("datasets").EnumerateArray().Single().GetString().ShouldBe("points");
        gone.GetProperty("models").EnumerateArray().Single().GetString().ShouldBe("m");
        gone.GetProperty("jobs").GetArrayLength().ShouldBe(1);
        (await work.RunAsync("tenants", "delete", "full", "--force")).Refused(1).ShouldContain("no tenant 'full'");
        (await work.RunAsync("tenants", "delete", "default", "--force")).Refused(1).ShouldContain("always there");
        (await work.JsonAsync("tenants", "list")).EnumerateArray().Select(tenant => tenant.GetProperty("name").GetString()).ShouldBe(["acme", "default"]);
    }

    [Fact]
    public async Task What_a_tenant_used_is_told_with_its_cost()
    {
        // A process tells what it counted when it ends.
        using Workspace work = CommandLine.NewWorkspaceOfProcesses();
        work.Write("points.csv", "x,y\n0,0\n0,1\n10,0\n10,1\n");
        work.Write("prices.json", """{"currency": "EUR", "training_hour": 3600000000}""");
        work.Write("wrong.json", """{"currency": "EUR", "trainings": 1}""");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "m");
        (await work.RunAsync("tenants", "usage", "--prices", "prices.json")).Refused(Usage).ShouldContain("$.training_hour");
        (await work.RunAsync("tenants", "usage", "--prices", "wrong.json")).Refused(Usage).ShouldContain("wrong.json is no price list, at $.trainings");
        work.Write("prices.json", """{"currency": "EUR", "training_hour": 3600}""");
        JsonElement told = (await work.JsonAsync("tenants", "usage", "default", "--since", "1d", "--prices", "prices.json"))[0];
        JsonElement model = told.GetProperty("models").EnumerateArray().Single(one => one.GetProperty("model").GetString() == "m");
        (decimal seconds, decimal cost) = (model.GetProperty("training_seconds").GetDecimal(), model.GetProperty("cost").GetDecimal());
        seconds.ShouldBeInRange(0.000001m, 60);
        cost.ShouldBe(Math.Round(seconds, 6));
        told.GetProperty("days").EnumerateArray().Last().GetProperty("stored_bytes").GetInt64().ShouldBeGreaterThan(0);
        (await work.RunAsync("tenants", "usage", "nobody")).Refused(Usage).ShouldContain("no tenant 'nobody'");
    }

    [Theory]
    [InlineData("'king' is no role", "keys", "create", "--role", "king")]
    [InlineData("--stored-bytes 2X is no number", "tenants", "create", "a", "--stored-bytes", "2X")]
    [InlineData("no duration", "keys", "create", "--role", "reader", "--expires", "later")]
    [InlineData("contains '/'", "tenants", "create", "a/b")]
    [InlineData("--certificate FILE", "serve", "--listen", "0.0.0.0", "--keys", "--port", "0")]
    [InlineData("have them show keys (--keys)", "serve", "--listen", "0.0.0.0", "--port", "0")]
    [InlineData("go together", "serve", "--issuer", "https://login.example.org", "--port", "0")]
    [InlineData("is no address of a provider", "serve", "--issuer", "http://login.example.org", "--audience", "a", "--port", "0")]
    [InlineData("name it with --issuer and --audience", "serve", "--sign-in-client", "pages", "--port", "0")]
    [InlineData("name it with --sign-in-client ID", "serve", "--sign-in-secret-file", "none", "--port", "0")]
    [InlineData("has no secret: put it into ORLEANSCLUSTER_SIGN_IN_SECRET", "serve", "--issuer", "https://login.example.org", "--audience", "a",
        "--sign-in-client", "pages", "--port", "0")]
    [InlineData("none.txt cannot be read", "serve", "--issuer", "https://login.example.org", "--audience", "a",
        "--sign-in-client", "pages", "--sign-in-secret-file", "none.txt", "--port", "0")]
    [InlineData("none.pem", "serve", "--certificate", "none.pem", "--port", "0")]
    public async Task What_cannot_be_is_refused(string why, params string[] arguments)
    {
        using Workspace work = CommandLine.NewWorkspace();
        (await work.RunAsync(arguments)).Refused(Usage).ShouldContain(why);
    }
}
