using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>
/// A body that is a table in any format that can be imported, read as it comes. Formats are read by code that waits for its input, so each has a thread of
/// its own, and only so many are read at a time: who sends slowly holds up nobody else.
/// </summary>
internal sealed class TableBody : IAsyncDisposable
{
    /// <summary>The parameter that is a number.</summary>
    public const string Skip = "skip";

    private const string Name = "the body";

    /// <summary>Batches that are read ahead: at most 2 MiB of values each.</summary>
    private const int Ahead = 2;

    private readonly Stream _input;
    private readonly SemaphoreSlim _places;
    private ITable? _table;
    private IRowReader? _reader;
    private Task _reading = Task.CompletedTask;

    private TableBody(Stream input, SemaphoreSlim places) => (_input, _places) = (input, places);

    /// <summary>What a table may be called; which format it is its first bytes tell.</summary>
    public static string[] Types { get; } =
        ["text/csv", "application/x-npy", "application/octet-stream", "application/gzip", "text/plain", "text/tab-separated-values"];

    /// <summary>What can be said of how a table is read.</summary>
    public static ImmutableArray<(string Name, string Help)> Parameters { get; } =
    [
        ("columns", "Value columns: names, positions from 0 and ranges, such as x,y or 0..3,7 [default: all but the id and weight columns]"),
        ("id_column", "Column carried along as the rows' id"),
        ("weight_column", "Column of the rows' weights [default: every row weighs 1]"),
        ("types", "What columns hold: number, category, boolean or datetime, such as when=datetime,zip=category [default: as the first 1,000 rows show, or as "
            + "the model has them]"),
        ("dtype", "How values are stored: f4 or f8 [default: as a .npy has them, text as f8]"),
        ("delimiter", "What separates the cells of a text: comma, tab, semicolon, space or any character [default: detected]"),
        ("decimal", "What a text writes between the whole of a number and its fraction: point or comma [default: point]"),
        ("thousands", "What a text writes between groups of three digits: comma, point, space, apostrophe or underscore [default: none]"),
        ("dates", "Order of dates as 31/01/2024 (dmy) or 01/31/2024 (mdy); those as 2024-01-31 are read in any case"),
        ("header", "Whether the first line of a text names the columns: yes or no [default: detected]"),
        ("comment", "Lines of a text that begin with this character are passed over"),
        (Skip, "Lines at the beginning of a text that are passed over"),
    ];

    /// <summary>How the table is to be read.</summary>
    public static ReadOptions Options(HttpRequest request, params ImmutableArray<string> others)
    {
        Queries.Check(request, [.. Parameters.Select(parameter => parameter.Name), .. others]);
        return new ReadOptions
        {
            Columns = Queries.Text(request, "columns"),
            IdColumn = Queries.Text(request, "id_column"),
            WeightColumn = Queries.Text(request, "weight_column"),
            Types = Queries.Text(request, "types"),
            Precision = Queries.Word(request, "dtype", "f4", "f8") switch { "f4" => Precision.Float32, "f8" => Precision.Float64, _ => null },
            Delimiter = Character(request, "delimiter"),
            Forms = WrittenForms.Of(
                Queries.Word(request, "decimal", "point", "comma"),
                Queries.Word(request, "thousands", "comma", "point", "space", "apostrophe", "underscore"),
                Queries.Word(request, "dates", "dmy", "mdy")),
            Header = Queries.Word(request, "header", "yes", "no") switch { "yes" => true, "no" => false, _ => null },
            Comment = Character(request, "comment"),
            Skip = Queries.Number(request, Skip, 0) ?? 0,
            HasOptions = false,
        };
    }

    /// <summary>Opens the body and reads as much as its columns take to know.</summary>
    /// <exception cref="ProblemException">As many are read as can be at a time.</exception>
    /// <exception cref="DataFormatException">It is no table.</exception>
    public static async Task<TableBody> OpenAsync(HttpContext http, ReadOptions options)
    {
        SemaphoreSlim places = http.RequestServices.GetRequiredService<Places>().Tables;
        if (!await places.WaitAsync(TimeSpan.Zero).ConfigureAwait(false))
            throw new ProblemException(
                503, ProblemKinds.Unavailable, "As many tables are being read as can be at a time: send it again in a while.")
            { RetryAfter = 2 };
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        var body = new TableBody(http.Request.Body, places);
        try
        {
            body._table = await OnThread(() => TableFile.Open(body._input, Name, options)).ConfigureAwait(false);
            return body;
        }
        catch
        {
            await body.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The table, until it is read.</summary>
    public ITable Table => _table!;

    /// <summary>Begins to read.</summary>
    public async Task<IRowReader> ReadAsync(Func<ITable, IRowReader> choose) => _reader = await OnThread(() => choose(_table!)).ConfigureAwait(false);

    /// <summary>The rows, in order, while they come.</summary>
    /// <param name="take">What is made of some of them before any others are read.</param>
    public async IAsyncEnumerable<T> BatchesAsync<T>(Func<RowBatch, T> take, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batches = Channel.CreateBounded<T>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _reading = OnThread(() =>
        {
            try
            {
                while (_reader!.ReadBatch(out RowBatch? batch))
                    batches.Writer.WriteAsync(take(batch), stop.Token).AsTask().GetAwaiter().GetResult();
                batches.Writer.Complete();
            }
#pragma warning disable CA1031 // Whoever reads the channel gets it.
            catch (Exception e)
            {
                batches.Writer.Complete(e);
            }
#pragma warning restore CA1031
            return true;
        });
        try
        {
            await foreach (T batch in batches.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return batch;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reader?.Dispose();
        _table?.Dispose();
        _places.Release();
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static char? Character(HttpRequest request, string name) => Queries.Text(request, name) is not { } text ? null
        : TextDelimiter.Parse(text)
            ?? throw ProblemException.Bad($"The parameter {name} is '{text}', and must be comma, tab, semicolon, space, or any other single ASCII character.");
}
