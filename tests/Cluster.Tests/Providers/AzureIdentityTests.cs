using System.Net;
using System.Text;
using System.Text.Json;
using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>A storage account without a key: silos show the identity that the machine gives them.</summary>
public sealed class AzureIdentityTests
{
    [Fact]
    public async Task Silos_train_with_the_identity_of_the_machine_and_no_key()
    {
        using var certificates = new Certificates();
        await using AzuriteServer azurite =
            await AzuriteServer.StartAsync("--oauth", "basic", "--cert", certificates.CertificateFile, "--pwd", Certificates.Password);
        using var machine = new IdentityEndpoint();
        await using var cluster = new SiloCluster("Clustering=azure", "Blobs=azure", "Connection=" + azurite.Endpoints("https"));
        await cluster.StartAsync(
            2, ("IDENTITY_ENDPOINT", machine.Address), ("IDENTITY_HEADER", IdentityEndpoint.Secret), ("SSL_CERT_FILE", certificates.AuthorityFile),
                ("NO_PROXY", "127.0.0.1"));
        await Job.ImportAsync(cluster.Client);
        (await Job.FinishAsync(cluster.Client, await cluster.Client.Jobs.StartAsync(Job.Request()))).ShouldBe(Job.Digest);
        machine.Asked.ShouldBeGreaterThan(0);
        foreach (string output in cluster.Outputs)
            output.ShouldNotContain(machine.Token);
    }

    /// <summary>Gives out tokens as a machine in Azure does. Azurite looks at what they claim, not at who signed them.</summary>
    private sealed class IdentityEndpoint : IDisposable
    {
        public const string Secret = "only processes of this machine know it";

        private readonly HttpListener _listener = new();
        private int _asked;

        public IdentityEndpoint()
        {
            Address = $"http://127.0.0.1:{ChildProcess.FreePort()}/token";
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Expires = now.AddHours(1).ToUnixTimeSeconds();
            long before = now.ToUnixTimeSeconds() - 60;
            var claims = new { aud = "https://storage.azure.com", iss = "https://sts.windows.net/test/", iat = before, nbf = before, exp = Expires };
            Token = $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Part("signature")}";
            _listener.Prefixes.Add(Address + "/");
            _listener.Start();
            _ = AnswerAsync();
        }

        public string Address { get; }

        public string Token { get; }

        public int Asked => _asked;

        private long Expires { get; }

        public void Dispose() => _listener.Close();

        private static string Part(object value) =>
            Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(value)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        private async Task AnswerAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                bool known = context.Request.Headers["X-IDENTITY-HEADER"] == Secret;
                context.Response.StatusCode = known ? 200 : 401;
                Interlocked.Increment(ref _asked);
                byte[] answer = Encoding.UTF8.GetBytes(known
                    ? JsonSerializer.Serialize(new
                    {
                        access_token = Token,
                        expires_on = Expires.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        resource = "https://storage.azure.com",
                        token_type = "Bearer"
                    })
                    : "{}");
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(answer);
                context.Response.Close();
            }
        }
    }
}
