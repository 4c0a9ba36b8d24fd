using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansCluster.Web.Tests.Pages;

/// <summary>Chromium without a window, told what to do over its own protocol (DevTools), one thing after the other.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private string? _session;
    private int _asked;

    private Browser(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>Where the program is; null: it is not here.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts one with an empty page.</summary>
    public static async Task<Browser> StartAsync()
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("orleanscluster-browser-");
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", $"--user-data-dir={profile.FullName}", "about:blank"])
            start.ArgumentList.Add(argument);
        var browser = new Browser(Process.Start(start)!, profile);
        const string listening = "DevTools listening on ";
        // Read to its end, so that nothing holds it up.
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        browser._process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is null)
                address.TrySetException(new InvalidOperationException("The browser ended before it listened."));
            else if (said.Data.StartsWith(listening, StringComparison.Ordinal))
                address.TrySetResult(said.Data[listening.Length..]);
        };
        browser._process.BeginErrorReadLine();
        browser._process.BeginOutputReadLine();
        await browser._socket.ConnectAsync(new Uri(await address.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop)), Stop);
        JsonElement target = await browser.AskAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonElement attached = await browser.AskAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true });
        browser._session = attached.GetProperty("sessionId").GetString();
        await browser.AskAsync("Page.enable", []);
        return browser;
    }

    /// <summary>How wide the window is, and which theme the desktop has.</summary>
    public async Task LookAsync(int width, bool dark)
    {
        await AskAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await AskAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
    }

    /// <summary>Goes to a page and waits until it is loaded.</summary>
    public async Task GoAsync(Uri page)
    {
        await AskAsync("Page.navigate", new JsonObject { ["url"] = page.AbsoluteUri });
        await UntilAsync($"document.readyState === 'complete' && location.href.startsWith({JsonSerializer.Serialize(page.GetLeftPart(UriPartial.Authority))})");
    }

    /// <summary>What a script on the page comes to.</summary>
    public async Task<JsonElement> EvaluateAsync(string script)
    {
        JsonElement answer = await AskAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true, ["userGesture"] = true });
        answer.TryGetProperty("exceptionDetails", out JsonElement wrong).ShouldBeFalse($"{script}\n{wrong}");
        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>Waits until a condition holds on the page.</summary>
    public async Task UntilAsync(string condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // A page that is being left has nobody to answer.
            JsonElement answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = condition, ["returnByValue"] = true }, mayFail: true);
            if (answer.ValueKind == JsonValueKind.Object && answer.GetProperty("result").TryGetProperty("value", out JsonElement value)
                && value.ValueKind == JsonValueKind.True)
                return;
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2), condition);
            await Task.Delay(20, Stop);
        }
    }

    /// <summary>The whole page as a PNG.</summary>
    public async Task<byte[]> PictureAsync() => Convert.FromBase64String(
        (await AskAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true })).GetProperty("data").GetString()!);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _profile.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                // Its helpers take a moment to end, too.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private async Task<JsonElement> AskAsync(string method, JsonObject parameters, bool mayFail = false)
    {
        int id = ++_asked;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
            message["sessionId"] = _session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, Stop);
        while (true)
        {
            using var whole = new MemoryStream();
            ValueWebSocketReceiveResult received;
            do
            {
                received = await _socket.ReceiveAsync(_buffer.AsMemory(), Stop);
                whole.Write(_buffer, 0, received.Count);
            }
            while (!received.EndOfMessage);
            JsonElement answer = JsonDocument.Parse(whole.ToArray()).RootElement;
            if (!answer.TryGetProperty("id", out JsonElement of) || of.GetInt32() != id)
                continue;
            if (answer.TryGetProperty("result", out JsonElement result))
                return result;
            mayFail.ShouldBeTrue($"{method} {id.ToString(CultureInfo.InvariantCulture)}: {answer}");
            return default;
        }
    }
}
