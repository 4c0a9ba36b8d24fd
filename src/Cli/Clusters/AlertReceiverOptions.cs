using System.CommandLine;
using OrleansCluster.Silo.Alerts;

namespace OrleansCluster.Cli.Clusters;

/// <summary>The options that say where alerts are told besides the log.</summary>
internal sealed class AlertReceiverOptions
{
    private readonly Option<string?> _webhook = new("--alert-webhook") { Description = "Post alerts as JSON to this address", HelpName = "URL" };
    private readonly Option<string?> _secret = new("--alert-secret-file") { Description = "Sign what is posted by the secret in this file", HelpName = "FILE" };
    private readonly Option<string?> _alertmanager = new("--alertmanager") { Description = "Tell alerts to a Prometheus Alertmanager", HelpName = "URL" };
    private readonly Option<string?> _mail = new("--alert-mail")
    {
        Description = "Mail alerts, as in 'smtp://user@host:587?from=a@b.example&to=c@d.example'",
        HelpName = "URL",
    };

    private readonly Option<string?> _password = new("--mail-password-file")
    {
        Description = "File with the password of the mail server's user",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _webhook, _secret, _alertmanager, _mail, _password })
            command.Add(option);
    }

    public AlertSettings Read(ParseResult parsed) => new()
    {
        Webhook = parsed.GetValue(_webhook) ?? "",
        WebhookSecretFile = parsed.GetValue(_secret) ?? "",
        Alertmanager = parsed.GetValue(_alertmanager) ?? "",
        Mail = parsed.GetValue(_mail) ?? "",
        MailPasswordFile = parsed.GetValue(_password) ?? "",
    };
}
