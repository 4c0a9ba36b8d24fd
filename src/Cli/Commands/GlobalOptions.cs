using System.CommandLine;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that every command of a tree takes. An option remembers the commands it was added to, so each tree has its own.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Home { get; } = new("--home")
    {
        Description = "Folder of datasets, models and jobs [default: $ORLEANSCLUSTER_HOME, else ~/.orleanscluster]",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string> Report { get; } = OptionKinds.Choice("--report",
        "text: for people; json: one JSON value on standard output, all else on standard error; "
            + "html: a page on standard output (train, retrain, jobs resume, models diff)", "text", "text", "json", "html");

    public Option<int?> Threads { get; } =
        OptionKinds.Integer("--threads", "Threads that compute; changes time, never results [default: all cores]", 1, 1024);

    public Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "Do the work in a running cluster: HOST:PORT of a gateway, several with commas; "
            + "or redis, postgres or azure, with the connection in Cluster__Connection",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Ask a service over HTTP, as serve answers, with the key in ORLEANSCLUSTER_KEY or --key-file [default: $ORLEANSCLUSTER_SERVER]",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = "File with the key that the service is shown [default: the key is in $ORLEANSCLUSTER_KEY]",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> Tenant { get; } = new("--tenant")
    {
        Description = "Whose datasets, models and jobs are meant, see 'tenants' [default: $ORLEANSCLUSTER_TENANT, else default]",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Tell on standard error what happens: jobs and their phases, what is asked again, changes of models. Of a cluster the silos tell "
            + "it, see 'up'",
        Recursive = true,
    };

    public GlobalOptions()
    {
        Report.Recursive = true;
        Threads.Recursive = true;
        Threads.HelpName = "T";
    }
}
