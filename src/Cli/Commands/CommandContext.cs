using System.CommandLine;
using Microsoft.Extensions.Logging;
using OrleansCluster.Cli.Clusters;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Families;
using OrleansCluster.Silo.Alerts;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary>What a command needs to do its work: where the state is, where to write, and when to stop.</summary>
internal sealed class CommandContext : IDisposable
{
    private readonly Interruption _interruption;

    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where to write; null: the process's own.</param>
    /// <param name="here">Whether the command is carried out on this machine, whatever service the environment names.</param>
    public CommandContext(ParseResult parsed, Terminal? terminal = null, bool here = false)
    {
        var root = (ClusterCommand)parsed.RootCommandResult.Command;
        Json = parsed.GetValue(root.Globals.Report) == "json";
        Page = parsed.GetValue(root.Globals.Report) == "html";
        Threads = parsed.GetValue(root.Globals.Threads) ?? 0;
        Verbose = parsed.GetValue(root.Globals.Verbose);
        string? home = parsed.GetValue(root.Globals.Home);
        EndsProcess = ThisProcess.EndsWithCommand;
        (Home, HomeIsGiven) = (HomeFolder.Resolve(home), !string.IsNullOrEmpty(home));
        Cluster = parsed.GetValue(root.Globals.Cluster);
        string tenant = parsed.GetValue(root.Globals.Tenant) ?? Environment.GetEnvironmentVariable("ORLEANSCLUSTER_TENANT") ?? "";
        TenantIsGiven = tenant.Length > 0;
        Tenant = tenant.Length == 0 ? GrainKeys.DefaultTenant : Names.Check("tenant", tenant);
        Server = ServerArgument.Read(parsed, root.Globals, here);
        Families = root.Families;
        Terminal = terminal ?? new Terminal();
        _interruption = new Interruption();
    }

    private CommandContext(CommandContext parent, string home)
    {
        (Json, Page, Threads, Home, HomeIsGiven, Families) = (parent.Json, parent.Page, parent.Threads, home, true, parent.Families);
        // What is named beside the home that was given is elsewhere.
        (Terminal, _interruption, Cluster, Verbose) = (parent.Terminal, parent._interruption, parent.Cluster, parent.Verbose);
        (Tenant, TenantIsGiven) = (parent.Tenant, parent.TenantIsGiven);
    }

    /// <summary>One JSON value on standard output instead of text.</summary>
    public bool Json { get; }

    /// <summary>A page for a browser; only commands that say so write one.</summary>
    public bool Page { get; }

    /// <summary>Threads that compute; 0: all cores.</summary>
    public int Threads { get; }

    /// <summary>Whether standard error tells what happens in the silo.</summary>
    public bool Verbose { get; }

    /// <summary>The home folder, as an absolute path.</summary>
    public string Home { get; }

    /// <summary>Whether the home was named on the command line, so that commands we suggest must name it too.</summary>
    public bool HomeIsGiven { get; }

    /// <summary>Address of the cluster that does the work; null: this process does, on the home folder.</summary>
    public string? Cluster { get; }

    /// <summary>The service over HTTP that does the work; null: none was named.</summary>
    public ServerArgument? Server { get; }

    /// <summary>Whether the work is done by something that needs none of us to go on.</summary>
    public bool IsElsewhere => Cluster is not null || Server is not null;

    /// <summary>Whose datasets, models and jobs are meant.</summary>
    public string Tenant { get; }

    /// <summary>Whether it was named, so that a command about everything is about that tenant alone.</summary>
    public bool TenantIsGiven { get; }

    /// <summary>Where datasets, models and jobs are, for messages.</summary>
    public string Place => Server is not null ? "this service" : Cluster is null ? Home : "this cluster";

    /// <summary>Whether the process ends with this command, so that there is nothing to clear up but what lasts.</summary>
    public bool EndsProcess { get; }

    /// <summary>What can be trained.</summary>
    public FamilyRegistry Families { get; }

    public Terminal Terminal { get; }

    /// <summary>Fires at Ctrl-C.</summary>
    public CancellationToken Cancellation => _interruption.Token;

    /// <summary>The same command in another home, which it may open more than once.</summary>
    public CommandContext WithHome(string home) => new(this, home);

    /// <summary>A command line that the user can type as it is.</summary>
    public string Suggest(string arguments)
    {
        string home = HomeIsGiven ? $" --home {Quote(Home)}" : "";
        string cluster = Cluster is null ? "" : $" --cluster {Quote(Secrets.Hide(Cluster))}";
        string server = Server?.Suggested ?? "";
        string tenant = Tenant == GrainKeys.DefaultTenant ? "" : $" --tenant {Tenant}";
        return $"{CommandLineName.Value} {arguments}{home}{cluster}{server}{tenant}";
    }

    /// <summary>An argument as a shell takes it.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./@:+,=".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Hosts a silo on the home folder, joins the process that does, or connects to the cluster that does the work.</summary>
    /// <param name="stays">Whether the command may take long: then it had better not depend on another process that is gone in a moment.</param>
    /// <param name="resumes">Whether jobs that an earlier process did not finish are gone on with.</param>
    /// <param name="observes">Length of the windows in which is observed what models are asked, where this process hosts a home; null: nothing is.</param>
    /// <param name="alerts">Where alerts are told besides the log, where this process hosts a home; null: nowhere.</param>
    /// <param name="log">What the log is told to besides, where this process hosts a home; null: nothing.</param>
    /// <exception cref="CommandException">It cannot be reached, or has no such tenant.</exception>
    public async Task<Session> OpenAsync(
        bool stays = false, bool resumes = false, TimeSpan? observes = null, AlertSettings? alerts = null, ILoggerProvider? log = null,
        long? modelBytes = null)
    {
        // Whose key it is says whose tenant is meant.
        if (Server is not null)
            return new Session(Server.Connect());
        Session session = Cluster is { } address
            ? await ClusterSupport.ConnectAsync(address, Tenant, Cancellation).ConfigureAwait(false)
            : await Session.OpenAsync(this, stays, resumes, observes, alerts, log, modelBytes).ConfigureAwait(false);
        if (Tenant == GrainKeys.DefaultTenant || await session.Administration.TenantAsync(Tenant, Cancellation).ConfigureAwait(false) is not null)
            return session;
        string known = string.Join(", ", (await session.Administration.TenantsAsync(Cancellation).ConfigureAwait(false)).Select(tenant => tenant.Name));
        await session.DisposeAsync().ConfigureAwait(false);
        throw CommandException.Usage($"There is no tenant '{Tenant}' in {Place}: there are {known}. Make it with '{CommandLineName.Value} tenants create "
            + $"{Tenant}'.");
    }

    public void Dispose() => _interruption.Dispose();
}
