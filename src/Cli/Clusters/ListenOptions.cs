using System.CommandLine;
using System.Net;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Clusters;

/// <summary>Where a service listens, and who may ask it.</summary>
/// <param name="Options">Where.</param>
/// <param name="Keys">Whether everybody has to say who they are.</param>
/// <param name="Issuer">Who else says who somebody is; null: nobody.</param>
internal sealed record Listening(WebOptions Options, bool Keys, TokenIssuer? Issuer);

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
        new("--insecure") { Description = "Listen where other machines can reach it without --keys, or without --certificate" };
    private readonly Option<bool> _keys =
        new("--keys") { Description = "Have everybody say who they are with a key, see 'keys create'; without it everybody is the tenant default" };
    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "Encrypt connections (TLS): certificate chain as PEM, or with its key as .pfx; it is read again when it changes",
        HelpName = "FILE"
    };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "The certificate's private key as PEM", HelpName = "FILE" };
    private readonly Option<string?> _issuer = new("--issuer")
    {
        Description = "Believe tokens (JWT) of this OpenID Connect provider, too: its address as in their claim iss; with --audience",
        HelpName = "URL"
    };
    private readonly Option<string?> _audience = new("--audience") { Description = "Who its tokens must be meant for, in their claim aud", HelpName = "TEXT" };
    private readonly Option<string> _tenantClaim =
        new("--tenant-claim") { Description = "The claim that names the tenant", HelpName = "NAME", DefaultValueFactory = _ => "tenant" };
    private readonly Option<string> _roleClaim =
        new("--role-claim") { Description = "The claim that names the role", HelpName = "NAME", DefaultValueFactory = _ => "role" };

    private readonly SignInOptions _signIn = new();

    private readonly Option<string?> _prices = new("--prices") { Description = "What things cost, as JSON: usage is told with its cost", HelpName = "FILE" };

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
        foreach (Option option in new Option[] { _insecure, _keys, _certificate, _certificateKey, _issuer, _audience, _tenantClaim, _roleClaim, _prices })
            command.Add(option);
        _signIn.AddTo(command);
    }

    /// <summary>What was asked for; null: nothing.</summary>
    /// <exception cref="CommandException">It may not be listened there.</exception>
    public Listening? Read(ParseResult parsed)
    {
        int? port = parsed.GetValue(_port) ?? (_always ? WebOptions.UsualPort : null);
        if (port is null && (parsed.GetResult(_listen) is { Implicit: false } || parsed.GetValue(_insecure) || parsed.GetValue(_grpc) is not null
            || parsed.GetValue(_keys) || parsed.GetValue(_certificate) is not null || parsed.GetValue(_issuer) is not null
            || parsed.GetValue(_prices) is not null))
            throw CommandException.Usage($"--listen, --grpc-port, --insecure, --keys, --certificate, --issuer and --prices are for answers over HTTP: add "
                + $"{_port.Name} PORT.");
        string text = parsed.GetRequiredValue(_listen);
        IPAddress? address = text.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.Loopback
            : IPAddress.TryParse(text, out IPAddress? found)
            ? found
            : null;
        if (address is null)
            throw CommandException.Usage($"--listen {text} is no address: write it as in 127.0.0.1, ::1 or 0.0.0.0.");
        var options = new WebOptions
        {
            Address = address,
            Port = port ?? 0,
            GrpcPort = parsed.GetValue(_grpc),
            Certificate = Certificate(parsed),
            Insecure = parsed.GetValue(_insecure),
            Prices = parsed.GetValue(_prices) is { } prices ? UsageCommand.ReadPrices(_prices.Name, prices) : null,
        };
        TokenIssuer? issuer = Issuer(parsed);
        bool keys = parsed.GetValue(_keys) || issuer is not null;
        if (!options.MayListen(keys))
        {
            throw CommandException.Usage(
                $"--listen {text}: other machines can reach that. {(keys ? "Keys would go over the wire as they are: encrypt with --certificate FILE"
                    : "Nobody has to say who they are, so that whoever does could read, train, change and delete everything: have them show keys (--keys) and "
                        + "encrypt (--certificate FILE)")}, listen at 127.0.0.1, or insist with --insecure.");
        }

        return port is null ? null : new Listening(options, keys, issuer);
    }

    private ServerCertificate? Certificate(ParseResult parsed)
    {
        (string? file, string? key) = (parsed.GetValue(_certificate), parsed.GetValue(_certificateKey));
        if (file is null)
            return key is null ? null : throw CommandException.Usage("--certificate-key is the key of a certificate: name it with --certificate FILE.");
        try
        {
            return new ServerCertificate(file, key);
        }
        catch (ClusteringException e)
        {
            throw CommandException.Usage(e.Message, e);
        }
    }

    private TokenIssuer? Issuer(ParseResult parsed)
    {
        (string? issuer, string? audience) = (parsed.GetValue(_issuer), parsed.GetValue(_audience));
        SignInClient? signIn = _signIn.Read(parsed, hasProvider: issuer is not null || audience is not null);
        if (issuer is null && audience is null)
            return null;
        if (string.IsNullOrEmpty(issuer) || string.IsNullOrEmpty(audience))
            throw CommandException.Usage("--issuer and --audience go together: without an audience, tokens that are meant for others would open this service.");
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw CommandException.Usage($"--issuer {issuer} is no address of a provider: write it as in https://login.example.org/realms/ml.");
        return new TokenIssuer
        {
            Issuer = address,
            Audience = audience,
            TenantClaim = parsed.GetRequiredValue(_tenantClaim),
            RoleClaim = parsed.GetRequiredValue(_roleClaim),
            SignIn = signIn,
        };
    }
}
