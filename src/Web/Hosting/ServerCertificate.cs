using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansCluster.Web.Hosting;

/// <summary>A certificate in files, read again when they are replaced, as renewals do, so that nothing has to be started again.</summary>
public sealed class ServerCertificate
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private readonly string _file;
    private readonly string? _key;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private DateTime _written;
    private long _looked;

    /// <param name="file">The certificate and those that vouch for it, as PEM; or with its key, as PKCS #12 (<c>.pfx</c>, <c>.p12</c>) without a
    /// password.</param>
    /// <param name="key">Its private key, as PEM; null: in the same file.</param>
    /// <exception cref="ClusteringException">It cannot be read; the message says why.</exception>
    public ServerCertificate(string file, string? key = null)
    {
        (_file, _key) = (file, key);
        (_current, _written, _looked) = (Read(), Written(), Environment.TickCount64);
    }

    /// <summary>The certificate as it is in the files now, or was when they could be read last, with those that vouch for it.</summary>
    internal SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (Environment.TickCount64 - _looked < LookAgain.TotalMilliseconds)
                    return _current;
                _looked = Environment.TickCount64;
                try
                {
                    DateTime written = Written();
                    if (written != _written)
                        (_current, _written) = (Read(), written);
                }
                catch (ClusteringException)
                {
                    // Half replaced: the one before holds until the next look.
                }

                return _current;
            }
        }
    }

    private DateTime Written() => new[] { _file, _key ?? _file }.Max(File.GetLastWriteTimeUtc);

    private SslStreamCertificateContext Read()
    {
        try
        {
            // The first is the service's own; what follows is sent along, because clients know the root alone.
            var chain = new X509Certificate2Collection();
            bool packed = Path.GetExtension(_file).ToLowerInvariant() is ".pfx" or ".p12";
            if (packed)
                chain.AddRange(X509CertificateLoader.LoadPkcs12CollectionFromFile(_file, null));
            else
                chain.ImportFromPemFile(_file);
            X509Certificate2 own = packed ? chain.FirstOrDefault(one => one.HasPrivateKey) ?? throw WithoutKey()
                : X509Certificate2.CreateFromPemFile(_file, _key);
            return own.HasPrivateKey ? SslStreamCertificateContext.Create(own, chain, offline: true) : throw WithoutKey();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ClusteringException($"The certificate {_file}{(_key is null ? "" : $" with the key {_key}")} cannot be used: {e.Message}", e);
        }
    }

    private ClusteringException WithoutKey() => new($"The certificate {_file} comes without its private key: name its file, too.");
}
