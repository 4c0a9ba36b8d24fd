using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace OrleansCluster.Client.Http;

/// <summary>
/// Requests to a service. Whatever is asked here is harmless when it is asked twice (changes and starts are named by who asks, rows are numbered), so what was
/// lost on the way is asked again.
/// </summary>
internal sealed class ServiceConnection : IDisposable
{
    private const string Root = "api/v1/", EventStream = "text/event-stream";

    /// <summary>An answer beside which memory is short is none.</summary>
    private const int LongestMessage = 1 << 30;

    /// <summary>Services are told of no longer patience.</summary>
    private static readonly TimeSpan LongestTold = TimeSpan.FromHours(24);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly ServiceOptions _options;
    private readonly ResiliencePipeline _again;

    /// <exception cref="ClusteringException">The address is none, or the key cannot be one.</exception>
    public ServiceConnection(ServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _address) = (options, options.Root());
        string? key = options.CheckedKey();
        // A key goes to the address that it was given for and nowhere else.
        _http = options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        (_http.BaseAddress, _http.Timeout) = (_address, Timeout.InfiniteTimeSpan);
        if (key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _again = Again(options);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for one of the cluster's own types.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the root, its parts escaped.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="body">Makes what is sent, anew each time; null: nothing is.</param>
    /// <param name="head">Adds to the head; null: nothing is added.</param>
    /// <exception cref="ClusteringException">It is refused; the message says why.</exception>
    /// <exception cref="UnavailableException">The service does not answer.</exception>
    public async Task<T> AskAsync<T>(
        HttpMethod method, string path, CancellationToken cancellation, Func<HttpContent>? body = null, Action<HttpRequestHeaders>? head = null)
    {
        byte[] answer = await RepeatAsync(
            async token =>
            {
                using HttpResponseMessage response = await OnceAsync(method, path, WireFormat.MediaType, HttpCompletionOption.ResponseContentRead, token, body,
                    head).ConfigureAwait(false);
                return await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return WireFormat.Read<T>(answer);
    }

    /// <summary>Asks for something to be done that has no answer but that it was.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public Task TellAsync(HttpMethod method, string path, CancellationToken cancellation, Func<HttpContent>? body = null) => RepeatAsync(
        async token =>
        {
            using HttpResponseMessage response = await OnceAsync(method, path, null, HttpCompletionOption.ResponseContentRead, token, body)
                .ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>Asks for many of the cluster's own types, which come one after the other. What breaks off after its beginning fails.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public async IAsyncEnumerable<T> StreamAsync<T>(HttpMethod method, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await RepeatAsync(
            token => OnceAsync(method, path, WireFormat.MediaType, HttpCompletionOption.ResponseHeadersRead, token), cancellation).ConfigureAwait(false);
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var head = new byte[sizeof(int)];
        while (true)
        {
            byte[] message = await ReadAsync(stream, head, cancellation).ConfigureAwait(false);
            if (message.Length == 0)
                yield break;
            yield return WireFormat.Read<T>(message);
        }
    }

    /// <summary>Asks for bytes, which come piece by piece. What breaks off after its beginning fails.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await RepeatAsync(
            token => OnceAsync(HttpMethod.Get, path, Requests.Binary, HttpCompletionOption.ResponseHeadersRead, token), cancellation).ConfigureAwait(false);
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            // A piece belongs to whoever gets it.
            var piece = new byte[WireLimits.PieceBytes];
            int length = await PieceAsync(stream, piece, cancellation).ConfigureAwait(false);
            if (length > 0)
                yield return piece.AsMemory(0, length);
            if (length < piece.Length)
                yield break;
        }
    }

    /// <summary>Asks for server-sent events. Breaks off with <see cref="IOException"/>.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public async IAsyncEnumerable<T> EventsAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await RepeatAsync(
            token => OnceAsync(HttpMethod.Get, path, EventStream, HttpCompletionOption.ResponseHeadersRead, token,
                head: headers => headers.Accept.Add(new MediaTypeWithQualityHeaderValue(WireFormat.MediaType))),
            cancellation).ConfigureAwait(false);
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
            yield return WireFormat.Read<T>(Convert.FromBase64String(item.Data));
    }

    private static ResiliencePipeline Again(ServiceOptions options)
    {
        var pipeline = new ResiliencePipelineBuilder();
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.Pause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<TimeoutRejectedException>()
                    .Handle<AwayException>(away => !(away.After > options.LongestPause)),
                // What a service asks for is the least.
                DelayGenerator = asked => ValueTask.FromResult(asked.Outcome.Exception is AwayException { After: { } after }
                    ? after + (options.Pause * Random.Shared.NextDouble())
                    : (TimeSpan?)null),
            });
        }

        return pipeline.AddTimeout(options.Timeout).Build();
    }

    private async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> question, CancellationToken cancellation)
    {
        try
        {
            return await _again.ExecuteAsync(async token => await question(token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (AwayException away)
        {
            ExceptionDispatchInfo.Throw(away.Final);
            throw;
        }
        catch (TimeoutRejectedException late)
        {
            throw new UnavailableException($"The service at {_address} did not answer within {_options.Timeout.TotalSeconds} seconds.", late);
        }
    }

    private async Task<HttpResponseMessage> OnceAsync(
        HttpMethod method, string path, string? wanted, HttpCompletionOption completion, CancellationToken cancellation, Func<HttpContent>? body = null,
        Action<HttpRequestHeaders>? head = null)
    {
        using var request = new HttpRequestMessage(method, Root + path) { Content = body?.Invoke() };
        if (wanted is not null)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(wanted));
        // A stream may go on for longer than it takes to begin.
        if (completion == HttpCompletionOption.ResponseContentRead && _options.Timeout > TimeSpan.Zero && _options.Timeout < LongestTold)
            request.Headers.Add(WireFormat.TimeoutHeader, _options.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
        head?.Invoke(request.Headers);
        HttpResponseMessage response = await SendAsync(request, completion, cancellation).ConfigureAwait(false);
        try
        {
            await ServiceProblem.CheckAsync(response, _address, cancellation).ConfigureAwait(false);
            return wanted is null || response.Content.Headers.ContentType?.MediaType == wanted ? response : throw ServiceProblem.Older(_address);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, completion, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new ClusteringException($"The service at {_address} does not prove who it is: {e.InnerException.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new AwayException(null, new UnavailableException($"The service at {_address} does not answer: {e.Message}", e));
        }
    }

    private async Task<int> PieceAsync(Stream stream, byte[] piece, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw BrokeOff(e);
        }
    }

    private UnavailableException BrokeOff(Exception e) => new($"The answer of the service at {_address} broke off: ask again.", e);

    private async Task<byte[]> ReadAsync(Stream stream, byte[] head, CancellationToken cancellation)
    {
        try
        {
            await stream.ReadExactlyAsync(head, cancellation).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 0 or > LongestMessage)
                throw ServiceProblem.Older(_address);
            var message = new byte[length];
            await stream.ReadExactlyAsync(message, cancellation).ConfigureAwait(false);
            return message;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw BrokeOff(e);
        }
    }
}
