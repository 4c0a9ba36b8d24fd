using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansCluster.Alerts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;

namespace OrleansCluster.Silo.Alerts;

/// <summary>
/// Posts alerts as JSON. With a secret, the header <c>X-OrleansCluster-Signature: t=SECONDS,v1=HEX</c> has the moment and the HMAC-SHA256 of
/// <c>SECONDS.BODY</c>, so that the receiver knows who sent it, and when.
/// </summary>
internal sealed class WebhookReceiver(Uri address, string secret, TimeProvider time) : IAlertReceiver
{
    private const string Header = "X-OrleansCluster-Signature";

    public string Name => "webhook";

    public bool IsToldAll => false;

    public async Task TellAsync(string tenant, ImmutableArray<Alert> alerts, CancellationToken cancellation)
    {
        var message = new AlertMessageDocument { Tenant = tenant, Alerts = [.. alerts.Select(AlertDocuments.Of)] };
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(message, ApiJson.Default.AlertMessageDocument);
        await AlertPosts.PostAsync(address, body, cancellation, secret.Length == 0 ? null : (Header, Sign(body))).ConfigureAwait(false);
    }

    private string Sign(byte[] body)
    {
        string moment = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{moment}."), .. body];
        return $"t={moment},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}

/// <summary>Posts JSON.</summary>
internal static class AlertPosts
{
    /// <summary>One for all: connections are kept.</summary>
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    /// <exception cref="AlertsUntoldException">It was not taken.</exception>
    public static async Task PostAsync(Uri address, byte[] body, CancellationToken cancellation, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (header is { } one)
            request.Headers.Add(one.Name, one.Value);
        try
        {
            using HttpResponseMessage answer = await Client.SendAsync(request, cancellation).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                throw new AlertsUntoldException($"it answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            throw new AlertsUntoldException(e.Message, e);
        }
    }
}
