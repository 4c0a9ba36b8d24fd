using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Alerts;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo.Alerts;

namespace OrleansCluster.Grains.Tests.Alerts;

/// <summary>Alerts as they arrive: at a webhook, a mail server, and a real Alertmanager.</summary>
public sealed class ReceiverTests
{
    private static readonly ImmutableArray<Alert> Alerts =
    [
        new()
        {
            Id = "a1",
            Rule = "drift",
            Severity = AlertSeverities.Page,
            Cause = "income",
            State = AlertState.Firing,
            Since = DateTimeOffset.UtcNow.AddMinutes(-20),
            Models = [new AlertedModel { Model = "m", Value = 0.4, Text = "its values moved by 0.4 standard deviations" }],
        },
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_posted_what_is_the_case_signed_by_the_secret()
    {
        using var home = new TemporaryHome();
        string secret = Path.Combine(home.Path, "secret");
        await File.WriteAllTextAsync(secret, "s3cret\n", Stop);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        IAlertReceiver receiver = Receiver(new AlertSettings { Webhook = $"http://127.0.0.1:{port}/hook", WebhookSecretFile = secret });
        Task<string> heard = HearAsync(listener, "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
        await receiver.TellAsync("default", Alerts, Stop);
        string[] parts = (await heard).Split("\r\n\r\n", 2);
        parts[0].ShouldStartWith("POST /hook HTTP/1.1");
        string signature = parts[0].Split("\r\n").Single(line => line.StartsWith("X-OrleansCluster-Signature: ", StringComparison.Ordinal))[28..];
        string[] signed = [.. signature.Split(',').Select(part => part.Split('=')[1])];
        signed[1].ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, Encoding.UTF8.GetBytes($"{signed[0]}.{parts[1]}"))));
        JsonElement alert = JsonDocument.Parse(parts[1]).RootElement.GetProperty("alerts")[0];
        (alert.GetProperty("id").GetString(), alert.GetProperty("state").GetString(), alert.GetProperty("models")[0].GetProperty("model").GetString())
            .ShouldBe(("a1", "firing", "m"));

        Task<string> refused = HearAsync(listener, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        (await Should.ThrowAsync<AlertsUntoldException>(receiver.TellAsync("default", Alerts, Stop))).Message.ShouldBe("it answered 503");
        await refused;
        listener.Stop();
        await Should.ThrowAsync<AlertsUntoldException>(receiver.TellAsync("default", Alerts, Stop));
    }

    [Fact]
    public async Task A_mail_says_what_is_the_case_in_its_subject()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        const string people = "from=cluster@a.example&to=ana@b.example&to=on-call@b.example";
        IAlertReceiver receiver = Receiver(new AlertSettings { Mail = $"smtp://127.0.0.1:{port}?{people}" });
        Task<List<string>> heard = ServeMailAsync(listener);
        await receiver.TellAsync("default", Alerts, Stop);
        List<string> lines = await heard;
        lines.ShouldContain(line => line.StartsWith("MAIL FROM:<cluster@a.example>", StringComparison.Ordinal));
        lines.Count(line => line.StartsWith("RCPT TO:<", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldContain("Subject: [page] drift, income: firing");
        lines.ShouldContain("  m: its values moved by 0.4 standard deviations");
        listener.Stop();
        await Should.ThrowAsync<AlertsUntoldException>(receiver.TellAsync("default", Alerts, Stop));
    }

    [Fact]
    public async Task An_alertmanager_takes_them_and_lets_them_end()
    {
        string program = new[] { "/usr/bin/prometheus-alertmanager", "/usr/local/bin/alertmanager" }.FirstOrDefault(File.Exists) ?? "";
        Assert.SkipWhen(program.Length == 0, "There is no Alertmanager here.");
        using var home = new TemporaryHome();
        string settings = Path.Combine(home.Path, "alertmanager.yml");
        await File.WriteAllTextAsync(settings, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", Stop);
        int port = FreePort();
        using Process process = Process.Start(new ProcessStartInfo(
            program, [$"--config.file={settings}", $"--storage.path={home.Path}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            IAlertReceiver receiver = Receiver(new AlertSettings { Alertmanager = client.BaseAddress.ToString() });
            for (long patience = Environment.TickCount64 + 30_000; ; await Task.Delay(50, Stop))
            {
                try
                {
                    await receiver.TellAsync("default", Alerts, Stop);
                    break;
                }
                catch (AlertsUntoldException) when (Environment.TickCount64 < patience)
                {
                    // It is not up yet.
                }
            }

            // Told again it is the same one.
            await receiver.TellAsync("default", Alerts, Stop);
            JsonElement alert = (await AskAsync(client)).EnumerateArray().Single();
            JsonElement labels = alert.GetProperty("labels");
            (labels.GetProperty("alertname").GetString(), labels.GetProperty("cause").GetString(), labels.GetProperty("tenant").GetString())
                .ShouldBe(("drift", "income", "default"));
            alert.GetProperty("annotations").GetProperty("summary").GetString().ShouldBe("m: its values moved by 0.4 standard deviations");
            await receiver.TellAsync("default", [Alerts[0] with { State = AlertState.Resolved, Resolved = DateTimeOffset.UtcNow.AddSeconds(-1) }], Stop);
            (await AskAsync(client)).GetArrayLength().ShouldBe(0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public void Addresses_that_are_none_and_secrets_that_are_not_there_are_refused_at_the_start()
    {
        foreach ((AlertSettings wrong, string said) in new[]
        {
            (new AlertSettings { Webhook = "host:80" }, "address of the webhook is none"),
            (new AlertSettings { Alertmanager = "http://user:pass@host" }, "without user or password"),
            (new AlertSettings { Webhook = "http://host", WebhookSecretFile = "/nowhere/secret" }, "/nowhere/secret"),
            (new AlertSettings { WebhookSecretFile = "/nowhere/secret" }, "no webhook"),
            (new AlertSettings { Mail = "smtp://a:secret@host?from=a@b.example&to=c@d.example" }, "the password in a file"),
            (new AlertSettings { Mail = "smtp://host?from=a@b.example" }, "from whom and to whom"),
        })
        {
            string message = Should.Throw<ClusteringException>(() => wrong.AddTo(new ServiceCollection())).Message;
            message.ShouldContain(said);
            message.ShouldNotContain("pass@");
            message.ShouldNotContain("a:secret");
        }
    }

    private static IAlertReceiver Receiver(AlertSettings settings)
    {
        var services = new ServiceCollection();
        settings.AddTo(services);
        return services.BuildServiceProvider().GetRequiredService<IAlertReceiver>();
    }

    private static async Task<JsonElement> AskAsync(HttpClient client)
    {
        await using Stream answer = await client.GetStreamAsync("/api/v2/alerts", Stop);
        return (await JsonDocument.ParseAsync(answer, cancellationToken: Stop)).RootElement;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Takes one request, and answers it.</summary>
    private static async Task<string> HearAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Stop);
        await using NetworkStream stream = client.GetStream();
        var heard = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            int count = await stream.ReadAsync(buffer, Stop);
            heard.Append(Encoding.UTF8.GetString(buffer, 0, count));
            string text = heard.ToString();
            int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            string? length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
            if (count == 0 || (body >= 4 && length is not null && text.Length - body >= int.Parse(length[16..], CultureInfo.InvariantCulture)))
                break;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Stop);
        return heard.ToString();
    }

    /// <summary>A mail server for one mail.</summary>
    private static async Task<List<string>> ServeMailAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 here");
        var lines = new List<string>();
        bool isBody = false;
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            lines.Add(line);
            if (isBody && line != ".")
                continue;
            isBody = line == "DATA";
            await writer.WriteLineAsync(line == "DATA" ? "354 go on" : line == "QUIT" ? "221 bye" : "250 fine");
            if (line == "QUIT")
                break;
        }

        return lines;
    }
}
