using System.CommandLine;
using OrleansCluster.Web.Access;

namespace OrleansCluster.Cli.Clusters;

/// <summary>The options that say how people sign in to pages at the provider of <c>--issuer</c>.</summary>
internal sealed class SignInOptions
{
    private const string ClientName = "--sign-in-client";

    /// <summary>Where the client's secret is, when no file is named: on a command line every user of the machine could read it.</summary>
    private const string SecretVariable = "ORLEANSCLUSTER_SIGN_IN_SECRET";

    private readonly Option<string?> _client = new(ClientName)
    {
        Description = "Have people sign in to pages at the provider, where this service is known as this client (authorization code, PKCE; it sends them "
            + "back to /sign-in/callback)",
        HelpName = "ID",
    };
    private readonly Option<string?> _file = new("--sign-in-secret-file")
    {
        Description = $"File with the client's secret [default: it is in ${SecretVariable}]",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_client);
        command.Add(_file);
    }

    /// <summary>The client; null: people show keys.</summary>
    /// <param name="hasProvider">Whether one is named.</param>
    /// <exception cref="CommandException">It has no provider, or no secret, or one that cannot be read.</exception>
    public SignInClient? Read(ParseResult parsed, bool hasProvider)
    {
        (string? client, string? file) = (parsed.GetValue(_client), parsed.GetValue(_file));
        if (string.IsNullOrEmpty(client))
            return file is null ? null : throw CommandException.Usage($"--sign-in-secret-file is the secret of a client: name it with {ClientName} ID.");
        if (!hasProvider)
            throw CommandException.Usage($"{ClientName} is a client of a provider: name it with --issuer and --audience.");
        string? secret = file is null ? Environment.GetEnvironmentVariable(SecretVariable) : ReadFile(file);
        return string.IsNullOrWhiteSpace(secret)
            ? throw CommandException.Usage(
                $"{ClientName} {client} has no secret: put it into {SecretVariable}, or into a file that --sign-in-secret-file names.")
            : new SignInClient(client, secret.Trim());
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--sign-in-secret-file {file} cannot be read: {e.Message}", e);
        }
    }
}
