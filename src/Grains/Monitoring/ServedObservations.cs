using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <summary>
/// What the assigners of this silo were asked since the models' monitors were last told: of each version a bounded sample of rows, and what the rows of earlier
/// samples look like. Rows are copied while a question is answered and counted afterwards. Thread-safe.
/// </summary>
public sealed partial class ServedObservations(
    IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time, IOptions<ObservingOptions> options, ILogger<ServedObservations> logger)
{
    /// <summary>Versions that are observed at a time. With <see cref="SampleBytes"/> and what a window takes of each, that bounds the memory.</summary>
    internal const int MostVersions = 128;

    /// <summary>Rows of a version that are looked at in a period: so many, of so many bytes, that cost so many multiplications.</summary>
    internal const int SampleRows = 1024;

    /// <inheritdoc cref="SampleRows"/>
    internal const int SampleBytes = 64 << 10;

    private const double SampleTerms = 4e6;
    private const int FewestRows = 16;

    /// <summary>A part that the monitor refuses is told so many times: a storage that fails is not told apart from what can never be kept.</summary>
    private const int MostRefusals = 60;

    /// <summary>How long a version that cannot be observed is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Model, int Version), Watched> _watched = new();
    private int _samples;
    private long _parts;
    private long _passedOver;

    /// <summary>Rows of versions that were beyond <see cref="MostVersions"/>.</summary>
    internal long PassedOver => Interlocked.Read(ref _passedOver);

    /// <summary>Notes rows that a version answered.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="version">The version.</param>
    /// <param name="terms">Multiplications that one of its rows takes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="some">Which of them the version answered; empty: all.</param>
    internal void Note(string model, int version, double terms, RowsPayload rows, ReadOnlySpan<int> some = default)
    {
        if (!options.Value.Observe || rows.Values.IsEmpty)
            return;
        while (true)
        {
            if (!_watched.TryGetValue((model, version), out Watched? watched))
            {
                if (_watched.Count >= MostVersions)
                {
                    int skipped = some.IsEmpty ? rows.Values.Length / (rows.Columns * AskedLayout.ValueBytes(rows)) : some.Length;
                    Interlocked.Add(ref _passedOver, skipped);
                    ClusterTelemetry.Skipped(skipped);
                    return;
                }

                watched = _watched.GetOrAdd((model, version), _ => new Watched());
            }

            lock (watched)
            {
                // It was let go of between the two lines above.
                if (watched.IsGone)
                    continue;
                if (watched.Refused is not null)
                    return;
                watched.Sample ??= new AskedSample(Most(terms, rows), (uint)Interlocked.Increment(ref _samples));
                watched.Sample.Pass(rows, some);
                return;
            }
        }
    }

    /// <summary>Looks at the samples, and tells the monitors what is due. One call at a time.</summary>
    /// <param name="all">Whether everything is due: nothing comes after this.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The failure of the last that could not be told, which is tried again; null: all were.</returns>
    public async Task<Exception?> FlushAsync(bool all, CancellationToken cancellation = default)
    {
        Exception? failure = null;
        string now = WindowNames.Of(time.GetUtcNow(), options.Value.Window);
        foreach (((string model, int version), Watched watched) in _watched)
        {
            try
            {
                // What is still to be told of an earlier window comes first, so that windows do not mix.
                if (watched.Window.Length > 0 && watched.Window != now)
                {
                    await Tell(model, watched, due: true, cancellation);
                    await Compare(model, version, watched.Window, cancellation);
                    watched.Window = "";
                }

                // While a part cannot be told nothing more is counted: one is all that a version holds, and the sample stands for the whole time.
                if (watched.Part is not null)
                    await Tell(model, watched, due: false, cancellation);
                await Look(model, version, watched, now, cancellation);
                await Tell(model, watched, all, cancellation);
            }
            catch (ClusteringException refused) when (watched.Part is null || ++watched.Refusals == MostRefusals)
            {
                // The version is gone, was trained without a profile, or its windows are of another model of this name.
                NotObserved(logger, model, version, refused.Message);
                Refuse(watched);
            }
            catch (Exception e) when (e is ClusteringException or UnavailableException or OrleansException or TimeoutException or OperationCanceledException
                or ObjectDisposedException)
            {
                // Until it can be told, the sample goes on, which stays as small as it is.
                failure = e;
            }

            LetGo(model, version, watched);
        }

        return failure;
    }

    private static int Most(double terms, RowsPayload rows)
    {
        double most = Math.Min(SampleTerms / Math.Max(terms, 1), (double)SampleBytes / (rows.Columns * AskedLayout.ValueBytes(rows)));
        return (int)Math.Clamp(most, FewestRows, SampleRows) & ~1;
    }

    private async Task Look(string model, int version, Watched watched, string now, CancellationToken cancellation)
    {
        AskedSample? sample;
        lock (watched)
            (sample, watched.Sample) = (watched.Sample, null);
        if (sample is null)
            return;
        (string tenant, string name) = GrainKeys.Parse(model);
        if (watched.Seen is null)
            (watched.Window, watched.Begun) = (now, time.GetTimestamp());
        ClusterTelemetry.Observed(tenant, name, version, sample.Count);
        foreach (RowsPayload rows in sample.Questions())
        {
            var query = new ObserveQuery { Version = version, Rows = rows, Before = watched.Seen?.Counts ?? default };
            watched.Seen = await grains.GetGrain<IObserverGrain>(model).Observe(query, cancellation);
        }
    }

    /// <summary>Tells the monitor what is due. A part whose answer was lost is told again as it is, and counts once.</summary>
    private async Task Tell(string model, Watched watched, bool due, CancellationToken cancellation)
    {
        if (watched.Part is null && watched.Seen is { } seen && (due || time.GetElapsedTime(watched.Begun) >= options.Value.Tells))
        {
            string id = Interlocked.Increment(ref _parts).ToString(CultureInfo.InvariantCulture);
            watched.Part = new WindowPart { Id = id, Window = watched.Window, Observation = seen, Teller = silo.SiloAddress.ToParsableString() };
            watched.Seen = null;
        }

        if (watched.Part is null)
            return;
        await grains.GetGrain<IMonitorGrain>(model).Keep(watched.Part, cancellation);
        (watched.Part, watched.Refusals) = (null, 0);
    }

    /// <summary>Has the metrics tell how far a window that is over is from the training rows. What other silos tell of it later is not in that.</summary>
    private async Task Compare(string model, int version, string window, CancellationToken cancellation)
    {
        DriftReport report = await grains.GetGrain<IObserverGrain>(model).Compare(new DriftQuery { Version = version, Window = window }, cancellation);
        DriftDocument document = JsonSerializer.Deserialize(report.Document.Span, ApiJson.Default.DriftDocument)!;
        (string tenant, string name) = GrainKeys.Parse(model);
        double? distance = document.Columns.Concat(document.Scores).Append(document.Clusters).Max(one => one?.JensenShannon);
        if (document.EnoughRows)
            ClusterTelemetry.Compared(tenant, name, version, distance ?? 0, document.Drifted);
    }

    private void Refuse(Watched watched)
    {
        lock (watched)
            (watched.Sample, watched.Seen, watched.Part, watched.Refusals, watched.Refused) = (null, null, null, 0, time.GetTimestamp());
        watched.Window = "";
    }

    private void LetGo(string model, int version, Watched watched)
    {
        lock (watched)
        {
            // Until its window is over, which is then compared.
            watched.IsGone = watched.Window.Length == 0 && watched.Sample is null && watched.Seen is null && watched.Part is null
                && (watched.Refused is not { } refused || time.GetElapsedTime(refused) >= Rest);
            if (watched.IsGone)
                _watched.TryRemove((model, version), out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What version {Version} of {Model} is asked is not observed: {Reason}")]
    private static partial void NotObserved(ILogger logger, string model, int version, string reason);

    /// <summary>A version. The sample, whether it is gone and when it was refused are under its lock, the rest belongs to who flushes.</summary>
    private sealed class Watched
    {
        public AskedSample? Sample { get; set; }

        public bool IsGone { get; set; }

        /// <summary>When it turned out that it cannot be observed; null: it can.</summary>
        public long? Refused { get; set; }

        /// <summary>What earlier samples look like.</summary>
        public Observation? Seen { get; set; }

        /// <summary>The window that <see cref="Seen"/> and <see cref="Part"/> are of; empty: none has begun.</summary>
        public string Window { get; set; } = "";

        /// <summary>When <see cref="Seen"/> began.</summary>
        public long Begun { get; set; }

        /// <summary>What is being told.</summary>
        public WindowPart? Part { get; set; }

        /// <summary>How often that was refused.</summary>
        public int Refusals { get; set; }
    }
}
