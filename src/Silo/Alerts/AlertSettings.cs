using System.Web;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Alerts;

namespace OrleansCluster.Silo.Alerts;

/// <summary>Where the alerts of this process's grains are told besides the log. Settings of whoever runs it: a tenant could have it ask anybody.</summary>
public sealed record AlertSettings
{
    /// <summary>Address that messages are posted to; empty: none.</summary>
    public string Webhook { get; init; } = "";

    /// <summary>File with the secret that they are signed by; empty: they are not signed.</summary>
    public string WebhookSecretFile { get; init; } = "";

    /// <summary>Address of a Prometheus Alertmanager; empty: none.</summary>
    public string Alertmanager { get; init; } = "";

    /// <summary>
    /// A mail server, from whom and to whom: <c>smtp://user@host:587?from=a@b.example&amp;to=c@d.example</c>, or <c>smtps://</c>; empty: none.
    /// </summary>
    public string Mail { get; init; } = "";

    /// <summary>File with the password of the user; empty: none is given.</summary>
    public string MailPasswordFile { get; init; } = "";

    /// <summary>Has a silo tell alerts so.</summary>
    /// <exception cref="ClusteringException">An address is none, or a file cannot be read.</exception>
    public void AddTo(IServiceCollection services)
    {
        if (Webhook.Length > 0)
            services.AddSingleton<IAlertReceiver>(new WebhookReceiver(Address("webhook", Webhook), Secret(WebhookSecretFile), TimeProvider.System));
        else if (WebhookSecretFile.Length > 0)
            throw new ClusteringException("There is a secret to sign messages by, and no webhook that they are sent to: give its address.");
        if (Alertmanager.Length > 0)
            services.AddSingleton<IAlertReceiver>(new AlertmanagerReceiver(Address("Alertmanager", Alertmanager)));
        if (Mail.Length > 0)
            services.AddSingleton<IAlertReceiver>(ReadMail(Mail, Secret(MailPasswordFile)));
        else if (MailPasswordFile.Length > 0)
            throw new ClusteringException("There is a password of a mail server, and no mail server: give its address.");
    }

    private static Uri Address(string what, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? address
            : throw new ClusteringException($"The address of the {what} is none: write it as in https://host:9093, without user or password.");

    private static MailReceiver ReadMail(string text, string password)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("smtp" or "smtps")
            || address.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new ClusteringException("The address of the mail server is none: write it as in smtp://user@host:587?from=a@b.example&to=c@d.example, the "
                + "password in a file.");
        }

        System.Collections.Specialized.NameValueCollection parts = HttpUtility.ParseQueryString(address.Query);
        string[] to = parts.GetValues("to") ?? [];
        if (parts["from"] is not { Length: > 0 } from || to.Length == 0)
            throw new ClusteringException("The address of the mail server does not say from whom and to whom: end it with ?from=a@b.example&to=c@d.example.");
        bool encrypted = address.Scheme == "smtps";
        return new MailReceiver(
            address.Host, address.Port > 0 ? address.Port : encrypted ? 465 : 25, encrypted, Uri.UnescapeDataString(address.UserInfo), password, from, [.. to]);
    }

    private static string Secret(string file)
    {
        if (file.Length == 0)
            return "";
        try
        {
            string secret = File.ReadAllText(file).Trim();
            return secret.Length > 0 ? secret : throw new ClusteringException($"The file {file} is empty: write the secret into it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusteringException($"The file {file} with the secret cannot be read: {e.Message}", e);
        }
    }
}
