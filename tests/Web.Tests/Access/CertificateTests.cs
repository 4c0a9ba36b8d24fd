using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Encrypted connections, and where it may be listened without them.</summary>
[Collection(nameof(GuardedService))]
public sealed class CertificateTests(GuardedService service, Service open) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task With_a_certificate_connections_are_encrypted_and_HTTP_2_is_spoken()
    {
        var certificate = new ServerCertificate(Write("localhost"), Path.Combine(_folder.FullName, "key.pem"));
        await using WebServer server = await service.OpenAsync(options: new WebOptions { Port = 0, Certificate = certificate, Address = IPAddress.Any });
        string? seen = null;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => (seen = shown?.Subject) is not null };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.Address.Port}/api/v1/models")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("X-API-Key", (await service.KeyAsync(GrainKeys.DefaultTenant, Roles.Reader)).Text);
        (await GuardedService.AnswerAsync(http, request)).Succeeded();
        seen.ShouldBe("CN=localhost");
    }

    [Fact]
    public async Task Those_who_vouch_for_a_certificate_are_sent_along()
    {
        using ECDsa rootKey = ECDsa.Create(), middleKey = ECDsa.Create(), key = ECDsa.Create();
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), to = DateTimeOffset.UtcNow.AddDays(1);
        using X509Certificate2 root = Authority("root", rootKey).CreateSelfSigned(from, to);
        using X509Certificate2 bare = Authority("middle", middleKey).Create(root, from, to, [1]);
        using X509Certificate2 middle = bare.CopyWithPrivateKey(middleKey);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var asked = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(names.Build());
        using X509Certificate2 leaf = asked.Create(middle, from, to, [2]);
        string file = Path.Combine(_folder.FullName, "chain.pem"), keyFile = Path.Combine(_folder.FullName, "chain.key");
        await File.WriteAllTextAsync(file, leaf.ExportCertificatePem() + "\n" + bare.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using WebServer server = await service.OpenAsync(options: new WebOptions { Port = 0, Certificate = new ServerCertificate(file, keyFile) });

        // A client that knows the root alone.
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        (await http.GetAsync($"https://localhost:{server.Address.Port}/health/live", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(
            HttpStatusCode.OK);

        static CertificateRequest Authority(string name, ECDsa key)
        {
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request;
        }
    }

    [Fact]
    public async Task Beyond_loopback_keys_and_a_certificate_are_needed()
    {
        var everywhere = new WebOptions { Port = 0, Address = IPAddress.Any };
        (await Should.ThrowAsync<ClusteringException>(service.OpenAsync(options: everywhere))).Message.ShouldContain("--certificate");
        var certificate = new ServerCertificate(Write("localhost"), Path.Combine(_folder.FullName, "key.pem"));
        (await Should.ThrowAsync<ClusteringException>(WebServer.StartAsync(everywhere with { Certificate = certificate }, () => open.Client, Service.Families)))
            .Message.ShouldContain("--keys");
        await (await service.OpenAsync(options: everywhere with { Insecure = true })).DisposeAsync();
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_named()
    {
        string file = Write("localhost");
        Should.Throw<ClusteringException>(() => new ServerCertificate(Path.Combine(_folder.FullName, "none.pem"))).Message.ShouldContain("none.pem");
        Should.Throw<ClusteringException>(() => new ServerCertificate(file)).Message.ShouldContain("cert.pem");
        File.WriteAllText(file, "no certificate");
        Should.Throw<ClusteringException>(() => new ServerCertificate(file)).Message.ShouldContain("cert.pem");
    }

    private string Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string file = Path.Combine(_folder.FullName, "cert.pem");
        File.WriteAllText(file, made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
