using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace OrleansCluster.Silo.Clustering;

/// <summary>TLS on every connection of the cluster. Both sides show a certificate of the same authority, so nobody without one gets in.</summary>
internal static class Tls
{
    /// <exception cref="ClusteringException">A certificate cannot be read; the message names the setting.</exception>
    public static void Configure(TlsOptions options, TlsSettings settings)
    {
        options.LocalCertificate =
            Load("Certificate", settings.Certificate, () => X509CertificateLoader.LoadPkcs12FromFile(settings.Certificate, settings.Password));
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = settings.Host;
        if (settings.Authority.Length == 0)
            return;
        X509Certificate2 authority = Load("Authority", settings.Authority, () => X509CertificateLoader.LoadCertificateFromFile(settings.Authority));
        options.RemoteCertificateValidation = (certificate, _, errors) => IsTrusted(certificate, authority, errors);
    }

    /// <summary>A chain to our authority, and no complaint but that the machine does not know it.</summary>
    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2 authority, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 Load(string key, string file, Func<X509Certificate2> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ClusteringException($"The setting Cluster:Tls:{key} names {file}, which cannot be read as a certificate: {e.Message}", e);
        }
    }
}
