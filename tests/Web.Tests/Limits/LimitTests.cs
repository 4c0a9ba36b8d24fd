using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Limits;

/// <summary>Requests that would harm others: a precise refusal, and the others are answered.</summary>
public sealed class LimitTests(Service service)
{
    [Fact]
    public async Task What_there_is_nothing_of_is_said_as_a_problem()
    {
        (await service.GetAsync("/api/v1/nothing")).Refused(404, "not-found").ShouldContain("/openapi/v1.json");
        (await service.GetAsync("/nothing")).Refused(404).ShouldContain("/reference");
        Answer method = await service.SendAsync(HttpMethod.Delete, "/api/v1/models");
        method.Refused(405, "method-not-allowed").ShouldBe("/api/v1/models takes GET, HEAD, not DELETE.");
        method.ContentHeaders.Allow.ShouldBe(["GET", "HEAD"]);
        (await service.PostAsync("/api/v1/jobs", "<job/>"u8.ToArray(), "application/xml")).Refused(415, "unknown-format").ShouldContain("not application/xml");
        (await service.PostAsync("/api/v1/jobs", "{}"u8.ToArray(), null)).Refused(415).ShouldContain("Content-Type: application/json");
        (await service.PostAsync("/api/v1/jobs", "{}"u8.ToArray(), "application/json; charset=latin1")).Refused(415).ShouldContain("UTF-8");
    }

    [Fact]
    public async Task Json_that_is_too_deep_too_long_or_no_text_is_refused()
    {
        string model = await service.SharedAsync(), path = $"/api/v1/models/{model}/assign";
        (await service.PostAsync(path, new string('[', 100_000))).Refused(400, "unusable-content");
        (await service.PostAsync(path, "{\"rows\": " + new string('[', 50) + new string(']', 50) + "}")).Refused(400);
        (await service.PostAsync("/api/v1/jobs", "{\"options\": " + string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 101)))
            .Refused(400).ShouldContain("depth");
        (await service.PostAsync($"/v2/models/{model}/infer", "{\"a\": " + new string('[', 100) + new string(']', 100) + "}")).Refused(400)
            .ShouldContain("depth");
        (await service.PostAsync("/api/v1/jobs", [.. "{\"model\": \""u8, 0xC3, 0x28, .. "\"}"u8], "application/json")).Refused(400)
            .ShouldBe("Byte 11 of the body (from 0) is no UTF-8: encode it as UTF-8.");
        (await service.PostAsync($"/v2/models/{model}/infer", [.. "{\"id\": \""u8, 0xFF, .. "\"}"u8], "application/json")).Refused(400)
            .ShouldContain("no UTF-8");
        (await service.PostAsync("/api/v1/jobs", "{\"model\": \"" + new string('a', 1 << 20) + "\"}")).Refused(413, "too-large")
            .ShouldContain("at most 1048576 are taken");
        (await service.PostAsync($"/models/{model}/invocations", new byte[33 << 20], "application/json")).Refused(413);
    }

    [Fact]
    public async Task A_length_that_is_promised_is_not_believed()
    {
        string model = await service.SharedAsync();
        string head = $"POST /api/v1/models/{model}/assign HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n";
        (await RawRequest.SendAsync(service.Address, head + "Content-Length: 1000000000000\r\n\r\n{")).ShouldStartWith("HTTP/1.1 413 ");
        string half = await RawRequest.SendAsync(service.Address, head + "Content-Length: 1000000\r\n\r\n{\"rows\": [[0, 0]", ends: true);
        (half.Length == 0 || half.Contains("ended before all that its length promised had come", StringComparison.Ordinal)).ShouldBeTrue(half);
        string table = await RawRequest.SendAsync(
            service.Address, $"POST /api/v1/datasets/{model}half HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nConnection: "
                + "close\r\nContent-Length: 1000000\r\n\r\nx,y\n1,2\n3,4\n", ends: true);
        (table.Length == 0 || table.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal)).ShouldBeTrue(table);
        (await service.GetAsync($"/api/v1/datasets/{model}half")).Refused(404);
        (await RawRequest.SendAsync(service.Address, head + "Content-Length: -1\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        (await RawRequest.SendAsync(service.Address, head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).ShouldStartWith("HTTP/1.1 4");
    }

    [Fact]
    public async Task Heads_that_are_too_long_or_no_http_are_refused()
    {
        (await RawRequest.SendAsync(service.Address, Head(150))).ShouldStartWith("HTTP/1.1 431 ");
        // What is not read of the rest may cost its sender the answer.
        string many = await RawRequest.SendAsync(service.Address, Head(10_000));
        (many.Length == 0 || many.StartsWith("HTTP/1.1 431 ", StringComparison.Ordinal)).ShouldBeTrue(many);
        (await RawRequest.SendAsync(service.Address, $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldStartWith("HTTP/1.1 414 ");
        (await RawRequest.SendAsync(service.Address, "HELLO\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        (await RawRequest.SendAsync(service.Address, "GET /api/v1/models HTTP/1.1\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        (await service.GetAsync("/health/live")).Succeeded();

        static string Head(int headers) =>
            $"GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, headers).Select(i => $"X-{i}: 1\r\n"))}\r\n";
    }

    [Fact]
    public async Task Who_sends_slowly_is_given_up_and_holds_up_nobody()
    {
        await using WebServer server = await WebServer.StartAsync(
            new WebOptions { Port = 0, Patience = TimeSpan.FromSeconds(4), MostTables = 1, LeastBytesPerSecond = 1000 }, () =>
                service.Client, Service.Families);
        using var http = new HttpClient { BaseAddress = server.Address };
        string model = await service.SharedAsync();
        // A head that never ends, a question, and a table, which takes the only place there is for tables.
        Task<string> head = RawRequest.SendAsync(server.Address, "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n");
        Task<string> question = RawRequest.SendAsync(
            server.Address,
                $"POST /api/v1/models/{model}/assign HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        using TcpClient table = await RawRequest.BeginAsync(
            server.Address, $"POST /api/v1/datasets/{model}slow HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n",
                "x,y\n1,2\n");
        using (HttpResponseMessage busy = await http.PostAsync($"/api/v1/datasets/{model}other", new StringContent("x\n1\n2\n", Encoding.UTF8, "text/csv")))
        {
            busy.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            busy.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        }

        using (HttpResponseMessage answered = await http.PostAsync($"/api/v1/models/{model}/assign",
            new StringContent("{\"rows\": [[0, 0]]}", Encoding.UTF8, "application/json")))
            answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await question).ShouldStartWith("HTTP/1.1 408 ");
        (await RawRequest.RestAsync(table)).ShouldStartWith("HTTP/1.1 408 ");
        (await head).ShouldStartWith("HTTP/1.1 408 ");
        using HttpResponseMessage later = await http.PostAsync($"/api/v1/datasets/{model}other", new StringContent("x\n1\n2\n", Encoding.UTF8, "text/csv"));
        ((int)later.StatusCode).ShouldBeInRange(200, 201);
    }

    [Fact]
    public async Task More_requests_than_there_are_places_for_are_told_to_ask_again()
    {
        await using WebServer server = await WebServer.StartAsync(new WebOptions { Port = 0, MostRequests = 1 }, () => service.Client, Service.Families);
        using var http = new HttpClient { BaseAddress = server.Address };
        // A question that does not end has the place once its body is asked for.
        using TcpClient held = await RawRequest.BeginAsync(
            server.Address, "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n", "{");
        using HttpResponseMessage busy = await http.GetAsync("/api/v1/families");
        busy.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        busy.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        held.Close();
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            using HttpResponseMessage free = await http.GetAsync("/api/v1/families");
            if (free.StatusCode == HttpStatusCode.OK)
                break;
            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(30);
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_and_other_names_of_this_machine_are_turned_away()
    {
        (await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("Host", "evil.example"))).Refused(421, "wrong-host").ShouldContain("'evil.example'");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("Origin", "http://evil.example"))).Refused(403, "wrong-host");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("Origin", "null"))).Refused(403);
        (await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("Host", $"localhost:{service.Address.Port}"),
            ("Origin", $"http://localhost:{service.Address.Port}"))).Succeeded();
    }

    [Fact]
    public async Task Only_loopback_is_listened_at_unless_somebody_insists()
    {
        var refused = await Should.ThrowAsync<ClusteringException>(
            WebServer.StartAsync(new WebOptions { Port = 0, Address = IPAddress.Any }, () => service.Client, Service.Families));
        refused.Message.ShouldContain("insist with --insecure");
        await using (await WebServer.StartAsync(new WebOptions { Port = 0, Address = IPAddress.Any, Insecure = true }, () => service.Client, Service.Families))
        {
        }

        var taken = await Should.ThrowAsync<ClusteringException>(
            WebServer.StartAsync(new WebOptions { Port = service.Address.Port }, () => service.Client, Service.Families));
        taken.Message.ShouldContain($"Port {service.Address.Port} of 127.0.0.1 cannot be listened at");
    }

    [Fact]
    public async Task A_service_that_ends_is_not_ready_and_answers_what_is_under_way()
    {
        WebServer server = await WebServer.StartAsync(new WebOptions { Port = 0 }, () => service.Client, Service.Families);
        string body = """{"rows": [[0, 0]]}""", model = await service.SharedAsync();
        using TcpClient slow = await RawRequest.BeginAsync(
            server.Address, $"POST /api/v1/models/{model}/assign HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + $"{body.Length}\r\n", body[..5]);
        Task ending = server.DisposeAsync().AsTask();
        await Should.ThrowAsync<SocketException>(async () =>
        {
            while (true)
            {
                using var late = new TcpClient();
                await late.ConnectAsync(server.Address.Host, server.Address.Port);
                await Task.Delay(20);
            }
        });
        ending.IsCompleted.ShouldBeFalse();
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(body[5..]));
        (await RawRequest.RestAsync(slow)).ShouldStartWith("HTTP/1.1 200 ");
        await ending;
    }
}
