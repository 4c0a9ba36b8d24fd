using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Pages;

/// <summary>
/// Pages in a browser: what people do on them, wide and narrow, light and dark, and whether everybody can read them (axe). What the browser saw is written
/// into the folder that <c>CLUSTER_PICTURES</c> names.
/// </summary>
public sealed class BrowserTests(Service service)
{
    private const string Axe = "Deque.AxeCore.Commons";

    /// <summary>How wide windows are, and whether people like them dark.</summary>
    private static readonly (int Width, bool Dark)[] Looks = [(1440, false), (1440, true), (400, false), (400, true)];

    [Fact]
    public async Task People_train_watch_compare_promote_and_ask_and_everybody_can_read_every_page()
    {
        Assert.SkipUnless(Browser.Program is not null, "chromium is not there");
        string model = await service.SharedAsync("browsed", () => service.ModelAsync(versions: 2));
        await using Browser browser = await Browser.StartAsync();
        await browser.LookAsync(1440, dark: false);

        foreach (string id in (string[])["c1", "c2"])
            await service.Client.Monitor.TellAsync(model, PageTests.Check(id, "country=FR, plan=pro"));

        // Train, and watch it to its end.
        await browser.GoAsync(At($"/train?dataset={model}&model={model}"));
        // What it would take first.
        await browser.EvaluateAsync("document.querySelector('[name=\"o.k\"]').value = '2..4'; document.querySelector('main button.main').click()");
        await browser.UntilAsync("location.pathname === '/train/plan' && document.readyState === 'complete' && !!document.getElementById('plan')");
        string axe = await AxeAsync();
        var wrong = new List<string>();
        foreach ((int width, bool dark) in Looks)
        {
            await browser.LookAsync(width, dark);
            await LookAsync(browser, axe, "/train/plan", width, dark, wrong);
        }

        await browser.LookAsync(1440, dark: false);
        await browser.EvaluateAsync("document.querySelector('main button.main').click()");
        await browser.UntilAsync("location.pathname.startsWith('/jobs/') && !!document.querySelector('#objective svg')");
        string job = (await browser.EvaluateAsync("location.pathname")).GetString()!;
        await browser.EvaluateAsync("document.querySelector('main a[href*=\"version=3\"]').click()");
        await browser.UntilAsync($"location.pathname === '/models/{model}' && document.readyState === 'complete'");

        // Promote, and roll back.
        await PromoteAsync(browser, "Promote version 3", "3");
        await browser.GoAsync(At($"/models/{model}?version=2"));
        await PromoteAsync(browser, "Promote version 2", "2");
        await PromoteAsync(browser, "Roll back", "3");

        // Ask.
        await browser.GoAsync(At($"/models/{model}/ask"));
        await browser.EvaluateAsync(
            "document.querySelector('textarea').value = 'x,y\\n10,0.5\\n'; document.querySelector('main form[enctype]').requestSubmit()");
        await browser.UntilAsync("document.querySelectorAll('main tbody tr').length === 1");

        // The switch holds from page to page.
        await browser.EvaluateAsync("document.getElementById('theme').click()");
        await browser.GoAsync(At("/"));
        (await browser.EvaluateAsync("document.documentElement.dataset.theme")).GetString().ShouldBe("dark");
        await browser.EvaluateAsync("localStorage.clear()");

        // More columns than a plane has.
        string wide = service.Name("wide");
        await service.UploadAsync(wide, "width,height,depth,weight,price\n" + string.Concat(Enumerable.Range(0, 90).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{(i % 3 * 9) + (i % 7)},{(i % 3 * 4) - (i % 5)},{i % 11},{(i % 3 == 1 ? 50 : 20) + (i % 13)},{1000 - (i % 3 * 300) - i}\n"))));
        await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{wide}}", "options": {"k": 3, "seed": 1, "restarts": 5} }""");

        string[] pages =
        [
            "/", $"/models/{model}?version=1", $"/models/{model}/clusters", $"/models/{wide}/clusters", $"/models/{model}/compare?from=1&to=2",
            $"/models/{model}/k?version=3", $"/models/{model}/ask", $"/models/{model}/watch", "/watch", "/data",
            $"/data/{model}", "/jobs", job, "/train", "/cluster", "/sign-in",
        ];
        foreach ((int width, bool dark) in Looks)
        {
            await browser.LookAsync(width, dark);
            foreach (string page in pages)
            {
                await browser.GoAsync(At(page));
                await LookAsync(browser, axe, page, width, dark, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>Whether the page that is shown fits the window and can be read by everybody; a picture of it is kept.</summary>
    private static async Task LookAsync(Browser browser, string axe, string page, int width, bool dark, List<string> wrong)
    {
        // Tables and pictures scroll by themselves; pages do not.
        int over = (await browser.EvaluateAsync("document.documentElement.scrollWidth - document.documentElement.clientWidth")).GetInt32();
        if (over > 0)
            wrong.Add($"{page} at {width} is wider than the window by {over}");
        await browser.EvaluateAsync(axe + "; true");
        JsonElement found = await browser.EvaluateAsync(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then(result => result.violations.map(one => `${one.id}: "
                + "${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + node.any.map(any => any.message)).join(' | ')}`))");
        wrong.AddRange(found.EnumerateArray().Select(one => $"{page} at {width}, {(dark ? "dark" : "light")}: {one.GetString()}"));
        await SaveAsync(browser, page, $"{width}-{(dark ? "dark" : "light")}");
    }

    private Uri At(string path) => new(service.Address, path);

    /// <summary>Opens what confirms, sends it, and waits for the champion.</summary>
    private static async Task PromoteAsync(Browser browser, string title, string champion)
    {
        await browser.EvaluateAsync(
            $"(() => {{ const act = [...document.querySelectorAll('details.act')].find(one => one.querySelector('summary').textContent.startsWith('{title}')); "
                + "act.open = true; act.querySelector('form').requestSubmit(); })()");
        await browser.UntilAsync($"document.querySelector('.head .chip.on')?.textContent === 'champion {champion}'");
    }

    private static async Task<string> AxeAsync()
    {
        using var reader = new StreamReader(Assembly.Load(Axe).GetManifestResourceStream(Axe + ".Resources.axe.min.js")!);
        return await reader.ReadToEndAsync();
    }

    private static async Task SaveAsync(Browser browser, string page, string look)
    {
        if (Environment.GetEnvironmentVariable("CLUSTER_PICTURES") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{page.Trim('/').Replace('/', '-').Split('?')[0]}-{look}.png"), await browser.PictureAsync());
    }
}
