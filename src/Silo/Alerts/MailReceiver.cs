using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using OrleansCluster.Alerts;
using OrleansCluster.Json;

namespace OrleansCluster.Silo.Alerts;

/// <summary>Sends alerts as a mail.</summary>
internal sealed class MailReceiver(string host, int port, bool encrypted, string user, string password, string from, ImmutableArray<string> to) : IAlertReceiver
{
    public string Name => "mail";

    public bool IsToldAll => false;

    public async Task TellAsync(string tenant, ImmutableArray<Alert> alerts, CancellationToken cancellation)
    {
        try
        {
            using var mail = new MimeMessage { Subject = Subject(alerts), Body = new TextPart("plain") { Text = Write(tenant, alerts) } };
            mail.From.Add(MailboxAddress.Parse(from));
            mail.To.AddRange(to.Select(MailboxAddress.Parse));
            using var client = new SmtpClient();
            // Where there is a password it is never sent in the clear.
            SecureSocketOptions how = encrypted ? SecureSocketOptions.SslOnConnect
                : password.Length > 0 ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
            await client.ConnectAsync(host, port, how, cancellation).ConfigureAwait(false);
            if (password.Length > 0)
                await client.AuthenticateAsync(user, password, cancellation).ConfigureAwait(false);
            await client.SendAsync(mail, cancellation).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or SocketException or IOException or AuthenticationException
            or SslHandshakeException or ParseException)
        {
            throw new AlertsUntoldException(e.Message, e);
        }
    }

    private static string Subject(ImmutableArray<Alert> alerts)
    {
        Alert first = alerts.FirstOrDefault(alert => alert.State == AlertState.Firing) ?? alerts[0];
        string rest = alerts.Length > 1 ? $" and {(alerts.Length - 1).ToString(CultureInfo.InvariantCulture)} more" : "";
        return $"[{first.Severity}] {first.Rule}, {first.Cause}: {AlertDocuments.Word(first.State)}{rest}";
    }

    private static string Write(string tenant, ImmutableArray<Alert> alerts)
    {
        var text = new StringBuilder();
        foreach (Alert alert in alerts)
        {
            string what = $"{alert.Rule}, {alert.Cause} (tenant {tenant}, {alert.Id}, {alert.Severity})";
            text.AppendLine(CultureInfo.InvariantCulture, $"{what}: {AlertDocuments.Word(alert.State)}");
            text.AppendLine(CultureInfo.InvariantCulture, $"since {alert.Since:yyyy-MM-dd HH:mm} UTC");
            foreach (AlertedModel model in alert.Models)
                text.AppendLine(CultureInfo.InvariantCulture, $"  {model.Model}: {model.Text}");
            text.AppendLine();
        }

        return text.ToString();
    }
}
