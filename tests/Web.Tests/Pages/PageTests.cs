using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Pages.Views;
using OrleansCluster.Training;

namespace OrleansCluster.Web.Tests.Pages;

/// <summary>Pages for people, as a browser without scripts gets them.</summary>
public sealed partial class PageTests(Service service)
{
    private const string Hostile = "<script>alert(1)</script>", Quoting = "\"'><img src=x onerror=alert(2)>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_about_a_model_its_data_and_its_jobs_is_whole_small_and_runs_nothing_that_stands_in_it()
    {
        string model = await service.SharedAsync("pages", () => service.ModelAsync(versions: 2));
        string job = (await service.Client.Models.VersionAsync(model, 2, Stop))!.Training.Job;
        foreach ((string path, string shows) in (ValueTuple<string, string>[])[
            ("/", $"href=\"/models/{model}\""), ($"/models/{model}", "Audit trail"), ($"/models/{model}?version=1", "Promote version 1"),
            ($"/models/{model}/clusters", "standard deviations"), ($"/models/{model}/compare", "Where the rows went"),
            ($"/models/{model}/k", "1..12"), ($"/models/{model}/ask", "textarea"),
            ($"/models/{model}/watch", "Nothing was observed yet"), ("/watch", "By which rules"),
            ("/data", model), ($"/data/{model}", "histogram"), ("/jobs", "started"), ($"/jobs/{job}", "of the best start"),
            ("/train", "max-iterations"), ("/cluster", "all silos well"), ("/sign-in", "Sign in")])
        {
            Answer page = await service.GetAsync(path);
            page.Status.ShouldBe(HttpStatusCode.OK, $"{path}: {page.Text}");
            page.Type.ShouldBe("text/html");
            page.Text.ShouldContain(shows, Case.Sensitive, path);
            page.Text.ShouldEndWith("</html>");
            page.Body.Length.ShouldBeLessThan(150_000, path);
            string policy = page.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldNotContain("unsafe");
            Inline().Matches(page.Text).Select(match => match.Value).ShouldBeEmpty(path);
            Elsewhere().Matches(page.Text).Select(match => match.Value).ShouldBeEmpty(path);
            page.Text.ShouldContain("<html lang=\"en\">");
            Title().Count(page.Text).ShouldBe(1, path);
            (await service.SendAsync(HttpMethod.Head, path)).Body.ShouldBeEmpty(path);
        }
    }

    [Fact]
    public async Task What_pages_load_is_kept_by_browsers_until_it_changes_and_is_sent_packed()
    {
        string page = (await service.GetAsync("/")).Text;
        string[] parts = [.. Loaded().Matches(page).Select(match => match.Groups[1].Value)];
        parts.Length.ShouldBe(2);
        int bytes = 0;
        foreach (string part in parts)
        {
            Answer asset = await service.SendAsync(HttpMethod.Get, part, null, ("Accept-Encoding", "br"));
            asset.Status.ShouldBe(HttpStatusCode.OK);
            asset.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
            asset.ContentHeaders.ContentEncoding.ShouldBe(["br"]);
            bytes += asset.Body.Length;
        }

        bytes.ShouldBeLessThan(20_000);
        (await service.GetAsync("/assets/other.js")).Refused(404);
    }

    [Fact]
    public async Task The_last_check_of_segments_is_shown_worst_first_and_those_before_in_a_line()
    {
        string model = await service.ModelAsync();
        (await service.GetAsync($"/models/{model}/watch")).Text.ShouldContain("No check of segments was told of this model yet.");
        await service.Client.Monitor.TellAsync(model, Check("c1", "country=DE"), Stop);
        await service.Client.Monitor.TellAsync(model, Check("c2", "country=FR"), Stop);
        string page = (await service.GetAsync($"/models/{model}/watch")).Text;
        page.ShouldContain("0.6000");
        page.ShouldContain("too bad");
        page.IndexOf("country=FR", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf("country=DE", StringComparison.Ordinal));
    }

    internal static SegmentCheck Check(string id, string segment) => new()
    {
        Id = id,
        Data = "outcomes.csv",
        Metric = "accuracy",
        Overall = new CheckedSegment { Name = "all rows", Rows = 1200, Value = 0.92, Low = 0.9, High = 0.935 },
        Segments =
        [
            new CheckedSegment { Name = segment, Rows = 180, Value = 0.6, Low = 0.53, High = 0.67, Rest = 0.95, Drop = 0.35, Chance = 1e-9, Failed = true },
            new CheckedSegment { Name = "plan=free", Rows = 700, Value = 0.93, Low = 0.91, High = 0.95, Rest = 0.91, Drop = -0.02, Chance = 1 },
            new CheckedSegment { Name = "plan=trial", Rows = 12, Value = 0.75 },
        ],
        Passed = false,
        MaxDrop = 0.05,
        By = "ana",
    };

    [Fact]
    public async Task Nothing_from_a_row_a_name_or_a_tag_is_markup()
    {
        string model = service.Name();
        string csv = $"id,\"{Hostile}\",\"{Quoting.Replace("\"", "\"\"", StringComparison.Ordinal)}\",kind\n"
            + string.Concat(Enumerable.Range(0, 12).Select(i => $"\"{Hostile}{i}\",{i % 3},{i % 4},\"{Hostile}\"\n"));
        (await service.PostAsync($"/api/v1/datasets/{model}?id_column=id", Encoding.UTF8.GetBytes(csv), "text/csv")).Succeeded();
        foreach (string k in (string[])["2", "\"1..3\""])
        {
            (await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{model}}", "options": {"k": {{k}} } }"""))
                .GetProperty("state").GetString().ShouldBe("succeeded");
        }

        var models = new Changes(service, model);
        await models.ChangeAsync((change, name) => service.Client.Models.DescribeAsync(name, change, 0, Hostile, Stop));
        var note = new ClusterNote { Cluster = 0, Name = Quoting, Note = Hostile };
        await models.ChangeAsync((change, name) => service.Client.Models.NameClusterAsync(name, change, note, Stop));
        await models.ChangeAsync((change, name) => service.Client.Models.TagAsync(name, change, 0, [new ModelTag { Key = "t", Value = Hostile }], Stop));
        foreach (string id in (string[])["c1", "c2"])
            await service.Client.Monitor.TellAsync(model, Check(id, $"kind={Hostile}"), Stop);
        (await service.GetAsync($"/models/{model}/watch")).Text.ShouldContain("kind=&lt;script&gt;");
        var job = (await service.Client.Models.VersionAsync(model, 2, Stop))!.Training.Job;
        foreach (string path in (string[])["/", $"/models/{model}", $"/models/{model}/watch", $"/models/{model}/clusters",
            $"/models/{model}/compare", $"/models/{model}/k",
            $"/models/{model}/ask", "/data", $"/data/{model}", $"/jobs/{job}",
            "/train?family=%3Cscript%3Ealert(1)%3C/script%3E&model=" + Uri.EscapeDataString(Quoting), "/sign-in?to=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E"])
        {
            Answer page = await service.GetAsync(path);
            page.Status.ShouldBe(HttpStatusCode.OK, $"{path}: {page.Text}");
            page.Text.ShouldNotContain("<script>alert", Case.Sensitive, path);
            page.Text.ShouldNotContain("<img", Case.Sensitive, path);
            page.Text.ShouldNotContain("\"'><", Case.Sensitive, path);
        }

        Answer asked = await FormAsync($"/models/{model}/ask", ("rows", csv), ("id_column", "id"));
        asked.Status.ShouldBe(HttpStatusCode.OK, asked.Text);
        asked.Text.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;11");
        asked.Text.ShouldNotContain("<script>alert");
        Answer picture = await service.GetAsync($"/models/{model}/clusters?svg=profiles");
        picture.Type.ShouldBe("image/svg+xml");
        XDocument.Parse(picture.Text).Root!.Name.LocalName.ShouldBe("svg");
        picture.Text.ShouldContain("alert(1)");
        picture.Text.ShouldNotContain("<script");
    }

    [Fact]
    public async Task Pictures_and_the_numbers_behind_them_are_files()
    {
        string model = await service.SharedAsync("pages", () => service.ModelAsync(versions: 2));
        Answer csv = await service.GetAsync($"/models/{model}/clusters?csv=profiles");
        csv.Type.ShouldBe("text/csv");
        csv.ContentHeaders.ContentDisposition!.FileName.ShouldBe("profiles.csv");
        string[] lines = csv.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("cluster,name,x,y");
        // The three corners, by hand.
        lines[1..].Select(line => string.Join(',', line.Split(',')[2..])).Order().ShouldBe(["0,0", "0,10", "10,0"]);
        Answer map = await service.GetAsync($"/models/{model}/clusters?csv=map");
        map.Text.Split('\n').Count(line => line.StartsWith("row,", StringComparison.Ordinal)).ShouldBe(12);
        foreach (string part in (string[])["svg=objective", "svg=lineage", "csv=objective"])
            (await service.GetAsync($"/models/{model}?{part}")).Status.ShouldBe(HttpStatusCode.OK, part);
        (await service.GetAsync($"/models/{model}?svg=none")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_columns_the_directions_are_drawn_that_tell_clusters_apart()
    {
        // Two clusters that differ as much in a as in b, and not at all in c.
        string model = service.Name();
        await service.UploadAsync(model, "a,b,c\n" + string.Concat(new[] { -10, 10 }.SelectMany(s => new[] { -1, 1 }.SelectMany(
            e => new[] { -1, 1 }.Select(c => $"{s + e},{s + e},{c}\n")))));
        (await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{model}}", "options": {"k": 2, "restarts": 3} }"""))
            .GetProperty("state").GetString().ShouldBe("succeeded");
        (await service.GetAsync($"/models/{model}/clusters")).Text.ShouldContain("0.71 a + 0.71 b →");
        double[] across = [.. (await service.GetAsync($"/models/{model}/clusters?csv=map")).Text.Split('\n')
            .Where(line => line.StartsWith("centre,", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];
        // Both columns have the variance 10² + 1², so that a centre is at √2 · 10 / √101.
        across.Length.ShouldBe(2);
        foreach (double place in across)
            Math.Abs(place).ShouldBe(1.407195, 1e-6);
        across.Sum().ShouldBe(0, 1e-9);
    }

    [Fact]
    public async Task Forms_that_were_not_made_here_do_nothing()
    {
        string model = await service.ModelAsync();
        using var content = new FormUrlEncodedContent([new("version", "1")]);
        using var without = new HttpRequestMessage(HttpMethod.Post, $"/models/{model}/promote") { Content = content };
        Answer refused = await service.SendAsync(without);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Type.ShouldBe("text/html");
        refused.Text.ShouldContain("not made here");
        Answer foreign = await FormAsync($"/models/{model}/promote", token: new string('a', 96), fields: ("version", "1"));
        foreign.Status.ShouldBe(HttpStatusCode.Forbidden);
        Answer none = await service.PostAsync($"/models/{model}/promote", """{"version": 1}""");
        ((int)none.Status).ShouldBe(415);
        (await service.Client.Models.FindAsync(model, Stop))!.Info.Aliases.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_is_promoted_rolled_back_and_tried_and_a_cluster_renamed_by_forms_on_what_was_seen()
    {
        string model = await service.ModelAsync(versions: 2);
        (await FormAsync($"/models/{model}/promote", ("version", "1"), ("reason", "the first"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await FormAsync($"/models/{model}/promote", ("version", "2"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await service.GetAsync($"/models/{model}")).Text.ShouldContain("the first");
        (await FormAsync($"/models/{model}/rollback")).Status.ShouldBe(HttpStatusCode.SeeOther);
        ModelInfo info = (await service.Client.Models.FindAsync(model, Stop))!.Info;
        info.Aliases.Single(alias => alias.Name == ModelReference.Champion).Version.ShouldBe(1);
        (await FormAsync($"/models/{model}/canary", ("version", "2"), ("minutes", "60"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await service.GetAsync($"/models/{model}")).Text.ShouldContain("Canary at step 1 of 4");
        (await FormAsync($"/models/{model}/route/abort")).Status.ShouldBe(HttpStatusCode.SeeOther);
        Answer renamed = await FormAsync($"/models/{model}/clusters", ("cluster", "0"), ("name", "North"), ("revision", "1"));
        renamed.Status.ShouldBe(HttpStatusCode.Conflict);
        (await FormAsync($"/models/{model}/clusters", ("cluster", "0"), ("name", "North"))).Headers.Location!.ToString().ShouldBe($"/models/{model}/clusters");
        (await service.GetAsync($"/models/{model}/clusters")).Text.ShouldContain("0 North");
    }

    [Fact]
    public async Task A_training_is_asked_for_by_a_form_and_what_is_wrong_with_it_is_said_above_it()
    {
        string data = service.Name();
        await service.UploadAsync(data, Service.Corners);
        Answer wrong = await FormAsync("/train", ("family", "kmeans"), ("dataset", data), ("o.k", "3"), ("o.restarts", "none"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain("is not a whole number");
        wrong.Text.ShouldContain("value=\"none\"");
        Answer started = await FormAsync("/train", ("family", "kmeans"), ("dataset", data), ("o.k", "3"), ("o.restarts", "4"), ("o.seed", "7"));
        started.Status.ShouldBe(HttpStatusCode.SeeOther, started.Text);
        string job = started.Headers.Location!.ToString();
        (await service.EndAsync(job["/jobs/".Length..])).GetProperty("version").GetInt32().ShouldBe(1);
        (await service.GetAsync(job)).Text.ShouldContain($"href=\"/models/{data}?version=1\"");
        (await service.Client.Models.VersionAsync(data, 1, Stop))!.Training.Options.Seed.ShouldBe(7ul);
    }

    [Fact]
    public async Task Rows_are_asked_about_and_what_cannot_be_answered_is_told_with_its_place()
    {
        string model = await service.SharedAsync("gmm");
        Answer answer = await FormAsync($"/models/{model}/ask", ("rows", "y,x\n0.5,9\n10,0\n"));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Text.ShouldContain("log-density");
        answer.Text.ShouldContain("2 rows");
        Answer wrong = await FormAsync($"/models/{model}/ask", ("rows", "x,y\n1,2\n3,four\n"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain("four");
        wrong.Text.ShouldContain("column &#x27;y&#x27;");
    }

    [Fact]
    public async Task Pages_of_a_model_by_the_cosine_are_whole_and_say_why_rows_belong_to_their_clusters()
    {
        string path = $"/models/{await service.SharedAsync("spherical-kmeans")}";
        foreach (string page in new[] { "", "/clusters", "/k", "/watch" })
            (await service.GetAsync(path + page)).Status.ShouldBe(HttpStatusCode.OK, page);
        // Half way between (1, 0) and (0, 1), or their like, x speaks for the one.
        Answer answer = await FormAsync(path + "/ask", ("rows", "x,y\n10,1\n"));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Text.ShouldContain("<b>x</b> 10");
        Answer wrong = await FormAsync(path + "/ask", ("rows", "x,y\n10,1\n0,0\n"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain("all values of the row are 0");
    }

    [Fact]
    public async Task Rows_and_centres_are_drawn_across_all_columns_and_one_cluster_can_stand_out()
    {
        string data = service.Name();
        await service.UploadAsync(data, "a,b,c,d\n0,0,5,1\n0,1,5,1\n9,0,7,2\n9,1,7,2\n0,9,6,3\n1,9,6,3\n");
        await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{data}}", "options": {"k": 3, "seed": 1, "restarts": 5} }""");
        string path = $"/models/{data}/clusters";
        string page = (await service.GetAsync(path)).Text;
        page.ShouldContain("Parallel coordinates");
        page.ShouldContain($"href=\"{path}?cluster=1\"");
        page.ShouldNotContain(" pale\"");
        string picture = (await service.GetAsync(path + "?svg=parallel")).Text;
        // A line for each of three centres, and one of all rows of each cluster; their axes go from the least value to the greatest.
        Regex.Count(picture, "class=\"line middle").ShouldBe(3);
        Regex.Count(picture, "class=\"line strand").ShouldBe(3);
        foreach (string end in (string[])[">0<", ">9<", ">5<", ">7<", ">1<", ">3<"])
            picture.ShouldContain(end);
        string[] table = (await service.GetAsync(path + "?csv=parallel")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        table[0].ShouldBe("kind,cluster,a,b,c,d");
        table.Count(line => line.StartsWith("centre,", StringComparison.Ordinal)).ShouldBe(3);
        table.Where(line => line.StartsWith("row,", StringComparison.Ordinal)).Select(line => line.Split(',', 3)[2]).Order(StringComparer.Ordinal)
            .ShouldBe(["0,0,5,1", "0,1,5,1", "0,9,6,3", "1,9,6,3", "9,0,7,2", "9,1,7,2"]);
        string one = (await service.GetAsync(path + "?cluster=1&svg=parallel")).Text;
        Regex.Count(one, " pale\"").ShouldBe(4);
        (await service.GetAsync(path + "?cluster=none")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_still_worked_out_is_said_so_and_what_is_known_is_shown()
    {
        string model = await service.SharedAsync("pages", () => service.ModelAsync(versions: 2));
        // Known from then on, so that the page need not wait.
        await service.Client.Models.ProfileAsync(model, new ProfileQuery { Version = 2, Rows = 1, Columns = ClusterProfilesTable.MostColumns }, Stop);
        string page = (await service.GetAsync($"/models/{model}/clusters?version=2")).Text;
        page.ShouldContain("most typical row");
        page.ShouldNotContain("data-awaited");
        var facts = new ModelFacts
        {
            Model = (await service.Client.Models.FindAsync(model, Stop))!,
            Version = (await service.Client.Models.VersionAsync(model, 2, Stop))!,
        };
        string waiting = await PageWriter.RenderAsync<ClustersView>(new Visit { Path = "/models/m/clusters" }, "", new Dictionary<string, object?>
        {
            [nameof(ClustersView.Facts)] = facts,
            [nameof(ClustersView.Map)] = null,
            [nameof(ClustersView.IsUnderWay)] = true,
        });
        waiting.ShouldContain("data-awaited=\"true\"");
        waiting.ShouldContain("look again");
    }

    [Fact]
    public async Task A_plan_is_a_step_of_the_form_and_what_does_not_fit_cannot_be_started_from_it()
    {
        string model = await service.SharedAsync("pages", () => service.ModelAsync(versions: 2));
        string plan = (await FormAsync("/train/plan", ("family", "kmeans"), ("dataset", model), ("model", "planned"), ("o.k", "4"))).Text;
        plan.ShouldContain("What it would take");
        plan.ShouldContain("value=\"planned\"");
        plan.ShouldContain("<button class=\"main\">Train</button>");
        string huge = (await FormAsync("/train/plan", ("family", "gmm"), ("dataset", model), ("model", "planned"), ("o.k", "500000000"))).Text;
        huge.ShouldContain("This does not fit.");
        huge.ShouldContain("<button class=\"main\" disabled>Train</button>");
        Answer wrong = await FormAsync("/train/plan", ("family", "kmeans"), ("dataset", "nowhere"), ("o.k", "4"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain("There is no dataset &#x27;nowhere&#x27;");
        (await service.Client.Jobs.ListAsync(Stop)).ShouldNotContain(job => job.Model == "planned");
        (await service.Client.Models.FindAsync("planned", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_there_is_told_as_a_page_to_people_and_as_a_problem_to_programs()
    {
        (await service.GetAsync("/models/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await service.GetAsync("/models/nothing")).Text.ShouldContain("There is no model &#x27;nothing&#x27;");
        Answer page = await service.SendAsync(HttpMethod.Get, "/nowhere", null, ("Accept", "text/html"));
        (page.Status, page.Type).ShouldBe((HttpStatusCode.NotFound, "text/html"));
        (await service.GetAsync("/nowhere")).Refused(404);
    }

    [Fact]
    public async Task Many_models_are_a_page_that_is_small_on_the_wire()
    {
        ModelOutline[] models =
        [
            .. Enumerable.Range(0, 500).Select(i => new ModelOutline
            {
                Name = $"model-{i}",
                Info = new ModelInfo
                {
                    Name = $"model-{i}", Revision = 4, Newest = 4, Default = 4, Description = "", Tags = [], Aliases = [], Clusters = [], NextCluster = 9,
                },
                Versions =
                [
                    .. Enumerable.Range(1, 4).Select(version => new VersionSummary
                    {
                        Name = $"model-{i}", Version = version, Created = DateTimeOffset.UnixEpoch.AddHours(i + version),
                        Facts = new OrleansCluster.Models.VersionFacts { Family = "f", K = 9, Objective = (i * 7.3) + version },
                    }),
                ],
            }),
        ];
        string page = await PageWriter.RenderAsync<HomeView>(new Visit { Path = "/" }, "", new Dictionary<string, object?>
        {
            [nameof(HomeView.Models)] = models,
            [nameof(HomeView.Jobs)] = Array.Empty<JobStatus>(),
            [nameof(HomeView.Datasets)] = 0,
            [nameof(HomeView.IsReady)] = true,
        });
        page.ShouldContain("model-499@4");
        Row().Count(page).ShouldBe(501);
        using var packed = new MemoryStream();
        using (var pack = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            pack.Write(Encoding.UTF8.GetBytes(page));
        packed.Length.ShouldBeLessThan(60_000);
    }

    /// <summary>Sends a form as the page before would, with its token unless another is given.</summary>
    private Task<Answer> FormAsync(string path, params (string Name, string Value)[] fields) => FormAsync(path, null, fields);

    private async Task<Answer> FormAsync(string path, string? token, params (string Name, string Value)[] fields)
    {
        token ??= Token().Match((await service.GetAsync("/train")).Text).Groups[1].Value;
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = service.Address };
        using var content = new FormUrlEncodedContent(fields.Append(("token", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using HttpResponseMessage response = await http.PostAsync(path, content, Stop);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(Stop), response.Content.Headers.ContentType?.MediaType,
            response.Headers, response.Content.Headers);
    }

    /// <summary>Styles and scripts that stand in a page.</summary>
    [GeneratedRegex("<style|<script(?! src=)| style=| on[a-z]+=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    /// <summary>Addresses elsewhere; the name of SVG is none.</summary>
    [GeneratedRegex("https?://(?!www.w3.org/2000/svg)[^\"' )]+")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("<tr")]
    private static partial Regex Row();

    [GeneratedRegex("<h1")]
    private static partial Regex Title();

    [GeneratedRegex("(?:src|href)=\"(/assets/[^\"]+)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("name=\"token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Token();

    /// <summary>Changes of a model, each on what is found.</summary>
    private sealed class Changes(Service service, string model)
    {
        public async Task ChangeAsync(Func<ModelChange, string, Task<ModelInfo>> change) =>
            await change(service.Client.Models.Change((await service.Client.Models.FindAsync(model, Stop))!.Info), model);
    }
}
