using System.Net.Http.Headers;
using OrleansCluster.Client;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Metrics in the format of Prometheus, and who may read them.</summary>
[Collection(nameof(GuardedService))]
public sealed class MetricsTests(GuardedService service)
{
    [Fact]
    public async Task Metrics_tell_what_was_answered_to_operators_of_the_first_tenant_alone()
    {
        await using WebServer server = await service.OpenAsync(options: new WebOptions { Port = 0, Telemetry = true });
        using var http = new HttpClient { BaseAddress = server.Address };
        string tenant = await service.TenantWithModelAsync();
        ApiKey key = await service.KeyAsync(tenant, Roles.Admin);
        (await service.SendAsync(HttpMethod.Post, "/api/v1/models/m/assign", key.Text, """{"rows": [[0, 0], [0, 1], [10, 1]]}""")).Succeeded();

        (await ReadAsync(http, null)).Refused(401, "unauthenticated");
        (await ReadAsync(http, key.Text)).Refused(403, "forbidden").ShouldContain("all tenants");
        (await ReadAsync(http, (await service.KeyAsync(GrainKeys.DefaultTenant, Roles.Trainer)).Text)).Refused(403, "forbidden");
        string text = (await ReadAsync(http, (await service.KeyAsync(GrainKeys.DefaultTenant, Roles.Operator)).Text)).Text;
        string labels = $"{{model=\"m\",model_version=\"1\",tenant=\"{tenant}\"}}";
        text.ShouldContain($"cluster_serving_rows_total{labels} 3");
        text.ShouldContain($"cluster_serving_duration_seconds_count{labels} 1");
        text.ShouldContain($"cluster_serving_duration_seconds_bucket{labels[..^1]},le=\"0.0005\"}}");
        text.ShouldContain($"cluster_training_jobs_total{{model=\"m\",outcome=\"succeeded\",tenant=\"{tenant}\"}} 1");
        text.ShouldContain("orleans_catalog_activations{grain_type=\"assigner\"}");
        text.ShouldNotContain(key.Text);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1", true, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://127.0.0.1:1", false, true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://127.0.0.1:1", false, false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false, false, false)]
    public void The_standard_variables_say_what_is_sent(string variable, string value, bool traces, bool metrics, bool logs)
    {
        string? before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, value);
            (TelemetryNames.AreTracesWanted, TelemetryNames.AreMetricsWanted, TelemetryNames.AreLogsWanted).ShouldBe((traces, metrics, logs));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    private static Task<Answer> ReadAsync(HttpClient http, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, MetricsEndpoint.Path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return GuardedService.AnswerAsync(http, request);
    }
}
