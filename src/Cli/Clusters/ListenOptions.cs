using System.CommandLine;
using System.Net;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Clusters;

/// <summary>Where a service listens.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; 0: any that is free.</param>
/// <param name="GrpcPort">The port of gRPC; null: none.</param>
/// <param name="Insecure">Whether everybody who reaches it may do everything.</param>
internal sealed record Listening(IPAddress Address, int Port, int? GrpcPort, bool Insecure);

/// <summary>The options that say where a service listens.</summary>
internal sealed class ListenOptions
{
    private readonly Option<int?> _port;
    private readonly bool _always;
    private readonly Option<string> _listen =
        new("--listen") { Description = "Address to listen at", HelpName = "ADDRESS", DefaultValueFactory = _ => IPAddress.Loopback.ToString() };
    private readonly Option<int?> _grpc = OptionKinds.Integer(
        "--grpc-port", "Answer the Open Inference Protocol over gRPC, too, at this port [default: not]", 0, IPEndPoint.MaxPort);
    private readonly Option<bool> _insecure =
        new("--insecure") { Description = "Listen where other machines can reach it, though nobody has to say who they are" };

    private ListenOptions(Option<int?> port, bool always) => (_port, _always) = (port, always);

    /// <summary>Of a command that always listens.</summary>
    public static ListenOptions Always() =>
        new(OptionKinds.Integer("--port", $"Port to listen at; 0: any that is free [default: {WebOptions.UsualPort}]", 0, IPEndPoint.MaxPort), always: true);

    /// <summary>Of a command that listens when it is given a port.</summary>
    public static ListenOptions WhenAsked() =>
        new(OptionKinds.Integer("--http", "Answer over HTTP, too, at this port; 0: any that is free", 0, IPEndPoint.MaxPort), always: false);

    public void AddTo(Command command)
    {
        command.Add(_port);
        command.Add(_grpc);
        command.Add(_listen);
        command.Add(_insecure);
    }

    /// <summary>What was asked for; null: nothing.</summary>
    /// <exception cref="CommandException">It may not be listened there.</exception>
    public Listening? Read(ParseResult parsed)
    {
        int? port = parsed.GetValue(_port) ?? (_always ? WebOptions.UsualPort : null);
        if (port is null && (parsed.GetResult(_listen) is { Implicit: false } || parsed.GetValue(_insecure) || parsed.GetValue(_grpc) is not null))
            throw CommandException.Usage($"--listen, --grpc-port and --insecure say where to answer over HTTP: add {_port.Name} PORT.");
        string text = parsed.GetRequiredValue(_listen);
        IPAddress? address = text.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.Loopback
            : IPAddress.TryParse(text, out IPAddress? found)
            ? found
            : null;
        if (address is null)
            throw CommandException.Usage($"--listen {text} is no address: write it as in 127.0.0.1, ::1 or 0.0.0.0.");
        bool insecure = parsed.GetValue(_insecure);
        if (!IPAddress.IsLoopback(address) && !insecure)
        {
            throw CommandException.Usage(
                $"--listen {text}: other machines can reach that, and nobody has to say who they are, so that whoever does could read, train, change and "
                    + "delete everything. Listen at 127.0.0.1, or insist with --insecure.");
        }

        return port is { } number ? new Listening(address, number, parsed.GetValue(_grpc), insecure) : null;
    }
}
