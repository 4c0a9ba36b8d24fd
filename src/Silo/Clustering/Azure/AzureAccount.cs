using System.Data.Common;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// A storage account by its connection string. One with a key or a shared access signature is used as it is; one without, such as <c>AccountName=NAME</c>,
/// names the account only, and the process shows the identity that it runs under.
/// </summary>
internal sealed partial class AzureAccount
{
    /// <summary>No call of ours takes ten seconds, so neither may one try; state and tables are small.</summary>
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    // One for all clients: it remembers its tokens.
    private static readonly Lazy<TokenCredential> Identity = new(() => new DefaultAzureCredential());

    private readonly string _connection;
    private readonly Uri? _tables;
    private readonly Uri? _blobs;

    /// <param name="connection">As an account's page shows it, or <c>AccountName=NAME[;EndpointSuffix=…]</c>, or <c>BlobEndpoint=…;TableEndpoint=…</c>.</param>
    /// <exception cref="FormatException">It names no account.</exception>
    public AzureAccount(string connection)
    {
        _connection = connection;
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connection;
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"it is no list of KEY=VALUE with semicolons between them, as in {ClusterSettings.Example(ClusteringKind.Azure)}", e);
        }

        if (Value("AccountKey") is not null || Value("SharedAccessSignature") is not null || Value("UseDevelopmentStorage") is not null)
            return;
        (_blobs, _tables) = (Endpoint("blob", "BlobEndpoint"), Endpoint("table", "TableEndpoint"));

        string? Value(string key) => parts.TryGetValue(key, out object? value) && value.ToString() is { Length: > 0 } text ? text : null;

        Uri Endpoint(string service, string key)
        {
            string suffix = Value("EndpointSuffix") ?? "core.windows.net";
            string? text = Value(key) ?? (Value("AccountName") is { } name ? $"https://{name}.{service}.{suffix}" : null);
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps
                ? uri
                : throw new FormatException(
                    "it has no AccountKey, so the process's own identity is used, which needs an account's name or https addresses, as in "
                        + $"{ClusterSettings.Example(ClusteringKind.Azure)} or BlobEndpoint=https://…;TableEndpoint=https://…");
        }
    }

    public TableServiceClient Tables()
    {
        var options = new TableClientOptions();
        Hurry(options.Retry);
        return _tables is null ? new TableServiceClient(_connection, options) : new TableServiceClient(_tables, Identity.Value, options);
    }

    /// <summary>For state, which is small.</summary>
    public BlobServiceClient State()
    {
        var options = new BlobClientOptions();
        Hurry(options.Retry);
        return _blobs is null ? new BlobServiceClient(_connection, options) : new BlobServiceClient(_blobs, Identity.Value, options);
    }

    /// <summary>For content of any size.</summary>
    public BlobServiceClient Content()
    {
        var options = new BlobClientOptions();
        Hurry(options.Retry);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        return _blobs is null ? new BlobServiceClient(_connection, options) : new BlobServiceClient(_blobs, Identity.Value, options);
    }

    /// <summary>Whether containers can be named after a cluster of this name.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Whether an exception says that the account does not answer, or not this process.</summary>
    public static bool IsAway(Exception e, CancellationToken cancellation) =>
        e is RequestFailedException or AuthenticationFailedException or AggregateException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>What an exception of the account's says, in one line: the rest are headers and repetitions.</summary>
    public static string Reason(Exception e)
    {
        if (e is AggregateException { InnerExceptions: [.., var last] })
            e = last;
        string line = e.Message.Split('\n', 2)[0].TrimEnd('\r', ' ', '.');
        return e is RequestFailedException { ErrorCode: { Length: > 0 } code } ? $"{line} ({code})" : line;
    }

    private static void Hurry(RetryOptions retry) =>
        (retry.MaxRetries, retry.Delay, retry.MaxDelay, retry.NetworkTimeout) = (3, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2), LongestTry);

    [GeneratedRegex("^(?=.{1,57}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();
}
