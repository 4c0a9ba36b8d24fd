using System.CommandLine;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;

namespace OrleansCluster.Cli.Commands;

/// <summary>
/// The service that <c>--server</c> or <c>ORLEANSCLUSTER_SERVER</c> names. Its key comes from the environment or a file, because command lines are seen by
/// others, and is never told.
/// </summary>
internal sealed class ServerArgument
{
    private const string ServerVariable = "ORLEANSCLUSTER_SERVER", KeyVariable = "ORLEANSCLUSTER_KEY";

    private readonly ServiceOptions _service;

    private ServerArgument(ServiceOptions service, bool isGiven, string? keyFile) =>
        (_service, IsGiven, Suggested) = (service, isGiven, (isGiven ? $" --server {CommandContext.Quote(service.Address.OriginalString)}" : "")
            + (keyFile is null ? "" : $" --key-file {CommandContext.Quote(keyFile)}"));

    /// <summary>Whether it was named on the command line.</summary>
    public bool IsGiven { get; }

    /// <summary>What commands that we suggest must say, too.</summary>
    public string Suggested { get; }

    /// <summary>What a command line and the environment name; null: nothing, or a home or cluster on the command line instead.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="globals">Its options.</param>
    /// <param name="here">Whether the environment does not count.</param>
    /// <exception cref="CommandException">It is no address, or two places are named.</exception>
    public static ServerArgument? Read(ParseResult parsed, GlobalOptions globals, bool here)
    {
        (string? given, string? keyFile) = (parsed.GetValue(globals.Server), parsed.GetValue(globals.KeyFile));
        Option[] others = [globals.Home, globals.Cluster, globals.Tenant, globals.Threads];
        Option? other = others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        if (given is not null && other is not null)
        {
            throw CommandException.Usage(other == globals.Tenant ? "--server and --tenant: at a service the key says whose datasets, models and jobs are meant."
                : other == globals.Threads ? "--server and --threads: a service computes with the threads that it was started with."
                : $"--server and {other.Name} name two places: give one of them.");
        }

        string? address = given ?? (!here && (other is null || other == globals.Threads) ? Environment.GetEnvironmentVariable(ServerVariable) : null);
        if (string.IsNullOrEmpty(address))
        {
            return given is not null ? throw CommandException.Usage("--server is empty: write https://HOST:PORT, or leave the option out.")
                : keyFile is not null ? throw CommandException.Usage($"--key-file is for a service: name one with --server or {ServerVariable}.")
                : null;
        }

        return new ServerArgument(Service(address, keyFile is null ? Variable() : ReadKey(keyFile)), given is not null, keyFile);
    }

    /// <summary>A client of another service than that one.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="keyFile">Where its key is; null: it asks nobody who they are. The one in the environment is for the service that is named there.</param>
    /// <exception cref="CommandException">It is no address, or the key cannot be read or be one.</exception>
    public static ClusteringClient ConnectTo(string address, string? keyFile) => new(Service(address, keyFile is null ? null : ReadKey(keyFile)));

    /// <summary>A client of the service.</summary>
    public ClusteringClient Connect() => new(_service);

    private static ServiceOptions Service(string address, string? key)
    {
        var service = new ServiceOptions
        {
            Address = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) ? uri : new Uri(address, UriKind.RelativeOrAbsolute),
            Key = key,
            // Who waits at a terminal would rather know.
            Retries = 3,
        };
        try
        {
            // Whatever is wrong with both is said before any work is done.
            new ClusteringClient(service).Dispose();
        }
        catch (ClusteringException wrong)
        {
            throw CommandException.Usage(wrong.Message, wrong);
        }

        return service;
    }

    private static string? Variable() => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;

    private static string ReadKey(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"The key cannot be read from {file}: {e.Message}", e);
        }
    }
}
