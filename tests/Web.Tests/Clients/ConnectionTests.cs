using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Datasets;
using OrleansCluster.Training;

namespace OrleansCluster.Web.Tests.Clients;

/// <summary>What the client over HTTP makes of services that answer otherwise than they should, by a service made of its answers.</summary>
public sealed class ConnectionTests(Service service)
{
    private const string Key = "oc_abc_SECRET";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_at_a_bad_moment_is_asked_again_and_no_more_often_than_was_said()
    {
        var busy = new Answers(_ => Problem(503, "Busy.", "0"), _ => throw new HttpRequestException("reset"), _ => Wire<DatasetVersion?>(null));
        (await busy.Client().Datasets.FindAsync("d", 1, Stop)).ShouldBeNull();
        busy.Asked.Count.ShouldBe(3);

        var away = new Answers(_ => throw new HttpRequestException("Connection refused"));
        (await Should.ThrowAsync<UnavailableException>(() => away.Client(retries: 2).Datasets.FindAsync("d", 1, Stop)))
            .Message.ShouldBe("The service at http://there:1/ does not answer: Connection refused");
        away.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_refused_is_not_asked_again_and_neither_is_what_has_to_wait_for_long()
    {
        var refused = new Answers(_ => Problem(400, "No.", more: """, "row": 3, "column_position": 1, "reason": "It is bad.", "later": {}"""));
        ClusteringException why = await Should.ThrowAsync<ClusteringException>(() => refused.Client().Jobs.CancelAsync("j", Stop));
        (why.Message, why.Row, why.Column, why.Problem).ShouldBe(("No.", 3, 1, "It is bad."));
        refused.Asked.Count.ShouldBe(1);

        var full = new Answers(_ => Problem(429, "As many models as there may be.", "60"));
        (await Should.ThrowAsync<ClusteringException>(() => full.Client().Datasets.ListAsync(Stop))).Message.ShouldBe("As many models as there may be.");
        full.Asked.Count.ShouldBe(1);

        var ending = new Answers(_ => Problem(503, "The service is ending: ask again.", "3600"));
        (await Should.ThrowAsync<UnavailableException>(() => ending.Client().Datasets.ListAsync(Stop))).Message
            .ShouldBe("The service is ending: ask again.");
        ending.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_start_that_is_asked_again_has_the_same_name()
    {
        var busy = new Answers(_ => throw new HttpRequestException("reset"), _ => Problem(400, "Enough."));
        await Should.ThrowAsync<ClusteringException>(() => busy.Client().Jobs.StartAsync(new TrainingRequest { Dataset = "d", Model = "m" }, Stop));
        string[] names = [.. busy.Asked.Select(request => request.Headers.GetValues("Idempotency-Key").Single())];
        names.Length.ShouldBe(2);
        names[1].ShouldBe(names[0]);
    }

    [Fact]
    public async Task What_is_no_such_service_is_told_in_a_line_that_names_the_address_and_never_the_key()
    {
        await ToldAsync(_ => Text(404, "<html>", "text/html"), "http://there:1/ answered 404, not as this service does: the address is another's, "
            + "or the service is of another version.");
        await ToldAsync(_ => Text(200, "{}", "application/json"), "The service at http://there:1/ is of another version than this client and cannot "
            + "answer it: use the same version of both.");
        await ToldAsync(_ => Problem(404, "There is nothing at /api/v1/x."), "The service at http://there:1/ is of another version than this client and "
            + "cannot answer it: use the same version of both.");
        await ToldAsync(
            _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://elsewhere/") } },
            "http://there:1/ leads elsewhere (https://elsewhere/): name the address of the service itself.");
        await ToldAsync(_ => Problem(401, "The key opens nothing: it is unknown."), "The key opens nothing: it is unknown.");

        static async Task ToldAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, string told)
        {
            var answers = new Answers(answer);
            ClusteringException why = await Should.ThrowAsync<ClusteringException>(() => answers.Client(key: Key).Datasets.FindAsync("d", 1, Stop));
            why.Message.ShouldBe(told);
            why.ToString().ShouldNotContain("SECRET");
            answers.Asked[0].Headers.Authorization.ShouldBe(new AuthenticationHeaderValue("Bearer", Key));
        }
    }

    [Theory]
    [InlineData("ftp://there", "'ftp://there' is no address of a service: write it as https://HOST:PORT.")]
    [InlineData("there", "'there' is no address of a service: write it as https://HOST:PORT.")]
    [InlineData("http://me:pass@there", "The address of the service has a name or password in it: give the key by itself.")]
    [InlineData("http://there/?key=pass", "The address http://there/ has something behind its path: leave that out.")]
    public void What_is_no_address_is_refused_before_anything_is_asked(string address, string told) =>
        Should.Throw<ClusteringException>(() => new ClusteringClient(new Uri(address, UriKind.RelativeOrAbsolute))).Message.ShouldBe(told);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\n")]
    [InlineData("größer")]
    public void What_is_no_key_is_refused_without_telling_it(string key)
    {
        ClusteringException why = Should.Throw<ClusteringException>(() => new ClusteringClient(new Uri("http://there"), key));
        why.Message.ShouldBe("The key is empty, or has blanks or characters that no key has: copy it again.");
        new ServiceOptions { Address = new Uri("http://there"), Key = Key }.ToString().ShouldNotContain("SECRET");
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_no_whole_answer()
    {
        byte[] message = WireFormat.Write(new DatasetRows { Rows = 1, Values = new byte[8] });
        byte[] half = [.. BitConverter.GetBytes(message.Length), .. message, 9, 0];
        var broken = new Answers(_ => Bytes(half));
        var dataset = new DatasetVersion
        {
            Tenant = "default",
            Name = "d",
            Version = 1,
            Rows = 2,
            Columns = [],
            Precision = "f8",
            Manifest = "",
            Shards = 1,
            Created = default,
        };
        var read = new List<DatasetRows>();
        (await Should.ThrowAsync<UnavailableException>(async () =>
        {
            await foreach (DatasetRows rows in broken.Client().Datasets.ReadAsync(dataset, [], Stop))
                read.Add(rows);
        })).Message.ShouldBe("The answer of the service at http://there:1/ broke off: ask again.");
        read.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Progress_that_breaks_off_is_gone_on_with_where_it_was()
    {
        var watched = new Answers(
            _ => Events(Page(2, JobState.Running)), request => Events(Page(5, JobState.Running), Page(6, JobState.Succeeded)));
        List<ProgressPage> pages = await watched.Client().Jobs.WatchAsync("j", Stop).ToListAsync(Stop);
        pages.Select(page => page.Cursor).ShouldBe([2, 5, 6]);
        watched.Asked.Select(request => request.RequestUri!.PathAndQuery).ShouldBe(["/api/v1/jobs/j/events?after=0", "/api/v1/jobs/j/events?after=2"]);

        static ProgressPage Page(long cursor, JobState state) => new()
        {
            Cursor = cursor,
            Iterations = [],
            Warnings = [],
            Status = new JobStatus
            {
                Id = "j",
                State = state,
                Model = "m",
                Dataset = "d",
                DatasetVersion = 1,
                Rows = 1,
                Phase = "iterate",
                Created = default,
            },
        };
    }

    [Fact]
    public async Task A_client_of_another_version_is_told_so_by_the_service()
    {
        Answer answer = await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("Accept", "application/vnd.orleanscluster.v9"));
        answer.Status.ShouldBe(HttpStatusCode.NotAcceptable);
        answer.Json.GetProperty("detail").GetString()!.ShouldContain("answers as application/vnd.orleanscluster.v1");
        (await service.PostAsync("/api/v1/imports/i/rows", [1, 2], WireFormat.MediaType)).Refused(400);
        (await service.PostAsync("/api/v1/imports/i/rows", [200, 0, 0, 0, 1], WireFormat.MediaType)).Refused(400);
        (await service.PostAsync("/api/v1/imports/i/rows", [2, 0, 0, 0, .. "{}"u8], "application/json")).Status
            .ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public void Nothing_of_the_server_comes_with_the_client()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(typeof(ClusteringClient).Assembly);
        seen.ShouldContain("OrleansCluster.Grains.Interfaces");
        seen.Where(name => name.StartsWith("OrleansCluster", StringComparison.Ordinal)).Order().ShouldBe(
            ["OrleansCluster.Client", "OrleansCluster.Contracts", "OrleansCluster.Grains.Interfaces"]);
        seen.ShouldNotContain("Orleans.Runtime");
        // Orleans' own abstractions of connections are all that there is of a web server.
        seen.Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)).ShouldBeSubsetOf(
            ["Microsoft.AspNetCore.Connections.Abstractions", "Microsoft.AspNetCore.Http.Features"]);

        void Visit(Assembly assembly)
        {
            if (!seen.Add(assembly.GetName().Name!))
                return;
            foreach (AssemblyName name in assembly.GetReferencedAssemblies().Where(name => !name.Name!.StartsWith("System", StringComparison.Ordinal)))
                Visit(Assembly.Load(name));
        }
    }

    private static HttpResponseMessage Wire<T>(T value) => Bytes(WireFormat.Write(value));

    private static HttpResponseMessage Bytes(byte[] body) => Sent(200, new ByteArrayContent(body), WireFormat.MediaType);

    private static HttpResponseMessage Text(int status, string text, string type) => Sent(status, new ByteArrayContent(Encoding.UTF8.GetBytes(text)), type);

    private static HttpResponseMessage Events(params ProgressPage[] pages) =>
        Text(200, string.Concat(pages.Select(page => $"data: {Convert.ToBase64String(WireFormat.Write(page))}\n\n")), "text/event-stream");

    private static HttpResponseMessage Problem(int status, string detail, string? after = null, string more = "")
    {
        HttpResponseMessage answer = Text(status, $$"""{"type": "t", "title": "t", "status": {{status}}, "detail": "{{detail}}"{{more}}}""",
            "application/problem+json");
        if (after is not null)
            answer.Headers.TryAddWithoutValidation("Retry-After", after);
        return answer;
    }

    private static HttpResponseMessage Sent(int status, HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }

    /// <summary>A service that gives one answer after the other, the last again and again.</summary>
    private sealed class Answers(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Asked { get; } = [];

        public ClusteringClient Client(int retries = 5, string? key = null) => new(new ServiceOptions
        {
            Address = new Uri("http://there:1"),
            Key = key,
            Handler = this,
            Retries = retries,
            Pause = TimeSpan.FromMilliseconds(1),
        });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            return Task.FromResult(answers[Math.Min(Asked.Count, answers.Length) - 1](request));
        }
    }
}
