using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>An authority of a test's own and a certificate that it signed, as files.</summary>
internal sealed class Certificates : IDisposable
{
    public const string Host = "cluster.test";
    public const string Password = "of the test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-tls-");

    public Certificates()
    {
        DateTimeOffset begin = DateTimeOffset.UtcNow.AddHours(-1), end = begin.AddDays(1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=authority of a test", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(begin, end);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + Host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // For servers and for clients: every silo is both.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 signed = request.Create(authority, begin, end, [1, 2, 3, 4]);
        using X509Certificate2 own = signed.CopyWithPrivateKey(key);
        File.WriteAllBytes(CertificateFile, own.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
    }

    /// <summary>The settings that name them, as <c>KEY=VALUE</c>.</summary>
    public string[] Settings => ["Tls:Certificate=" + CertificateFile, "Tls:Password=" + Password, "Tls:Authority=" + AuthorityFile, "Tls:Host=" + Host];

    public string CertificateFile => Path.Combine(_folder.FullName, "silo.pfx");

    public string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
