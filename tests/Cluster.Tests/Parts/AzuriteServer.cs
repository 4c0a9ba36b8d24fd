using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>Azurite, which stands for a storage account.</summary>
internal sealed class AzuriteServer : Server
{
    private const string Account = "clustertest";

    private readonly int _blobs = ChildProcess.FreePort();
    private readonly int _queues = ChildProcess.FreePort();
    private readonly int _tables = ChildProcess.FreePort();
    private readonly string[] _further;
    private ChildProcess? _process;

    private AzuriteServer(string[] further)
        : base("azurite") => _further = further;

    public override string Kind => "azure";

    public override string Connection => $"AccountName={Account};AccountKey={Secret};{Endpoints("http")}";

    public override string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>Starts one; skips the test where there is no Azurite.</summary>
    /// <param name="further">Further options of it.</param>
    public static Task<AzuriteServer> StartAsync(params string[] further)
    {
        Needs("Azure storage", "azurite is not on the path (npm install -g azurite)", ChildProcess.OnPath("azurite"));
        return Started(new AzuriteServer(further), server => server.ResumeAsync());
    }

    public string Endpoints(string scheme) =>
        $"BlobEndpoint={scheme}://127.0.0.1:{Text(_blobs)}/{Account};TableEndpoint={scheme}://127.0.0.1:{Text(_tables)}/{Account}";

    public override async Task<int> RemindersAsync() => await new TableClient(Connection, "OrleansReminders").QueryAsync<TableEntity>().CountAsync();

    public override async Task ResumeAsync()
    {
        string[] options =
        [
            "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", Folder, "--blobPort", Text(_blobs), "--queuePort", Text(_queues),
                "--tablePort", Text(_tables), .. _further,
        ];
        _process = new ChildProcess("azurite", options, Folder, new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{Secret}" });
        // The last of the three to listen.
        await _process.ListensAsync(_tables);
    }

    public override async Task PauseAsync()
    {
        await _process!.StopAsync();
        _process.Dispose();
    }

    protected override Task EndAsync()
    {
        _process?.Dispose();
        return Task.CompletedTask;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
