using System.Diagnostics;
using OrleansCluster.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCluster.Cli.Output;

/// <summary>Shows a job's progress on standard error: a bar that is redrawn where that is possible, else a line now and then.</summary>
internal sealed class ProgressView(Terminal terminal)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    /// <summary>Follows a job to its end.</summary>
    /// <returns>The last status.</returns>
    /// <exception cref="OperationCanceledException">The user wants to stop.</exception>
    public async Task<JobStatus?> FollowAsync(IAsyncEnumerable<ProgressPage> pages, CancellationToken cancellation)
    {
        return terminal.IsLive
            ? await FollowLiveAsync(pages, cancellation).ConfigureAwait(false)
            : await FollowPlainAsync(pages, cancellation).ConfigureAwait(false);
    }

    /// <summary>Shows a task whose end is not known: a spinner and a sentence that may change.</summary>
    public async Task<T> WhileAsync<T>(Func<string> sentence, Func<Task<T>> work)
    {
        if (!terminal.IsLive)
            return await work().ConfigureAwait(false);
        T result = default!;
        await terminal.Error.Status().Spinner(Spinner.Known.Dots).SpinnerStyle(Palette.Quiet).StartAsync(Fitting(), async status =>
        {
            Task<T> running = work();
            while (await Task.WhenAny(running, Task.Delay(Tick)).ConfigureAwait(false) != running)
                status.Status(Fitting());
            result = await running.ConfigureAwait(false);
        }).ConfigureAwait(false);
        return result;

        // On one line, beside the spinner: what is redrawn in place must not wrap.
        string Fitting() => Markup.Escape(CellText.CutEnd(CellText.Visible(sentence()), Math.Max(1, terminal.Error.Profile.Width - 4)));
    }

    private async Task<JobStatus?> FollowLiveAsync(IAsyncEnumerable<ProgressPage> pages, CancellationToken cancellation)
    {
        JobStatus? last = null;
        var estimate = new ProgressEstimate();
        long started = Stopwatch.GetTimestamp();
        await terminal.Error.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            Task reading = Task.Run(
                async () =>
                {
                    await foreach (ProgressPage page in pages.WithCancellation(cancellation).ConfigureAwait(false))
                    {
                        estimate.Add(page);
                        Volatile.Write(ref last, page.Status);
                    }
                },
                CancellationToken.None);
            while (await Task.WhenAny(reading, Task.Delay(Tick, CancellationToken.None)).ConfigureAwait(false) != reading)
            {
                if (Volatile.Read(ref last) is { } status)
                    live.UpdateTarget(Picture(status, estimate.Done, Stopwatch.GetElapsedTime(started)));
            }

            await reading.ConfigureAwait(false);
        }).ConfigureAwait(false);
        return last;
    }

    private static async Task<JobStatus?> FollowPlainAsync(IAsyncEnumerable<ProgressPage> pages, CancellationToken cancellation)
    {
        JobStatus? last = null;
        TimeSpan silence = TimeSpan.FromMilliseconds(250);
        long told = Stopwatch.GetTimestamp();
        await foreach (ProgressPage page in pages.WithCancellation(cancellation).ConfigureAwait(false))
        {
            // Warnings are told once, with the result: only then it is known which clusters they are about.
            last = page.Status;
            if (Stopwatch.GetElapsedTime(told) < silence)
                continue;
            // Ever less often: a long run must not fill a log.
            silence = TimeSpan.FromTicks(Math.Min(silence.Ticks * 3 / 2, LongestSilence.Ticks));
            told = Stopwatch.GetTimestamp();
            Terminal.Say(Sentence(last));
        }

        return last;
    }

    private Rows Picture(JobStatus status, double done, TimeSpan elapsed)
    {
        const int most = 44, indent = 2, clock = 10;
        int room = terminal.Error.Profile.Width - indent, cells = Math.Clamp(room - clock, 1, most);
        int filled = (int)Math.Round(done * cells);
        var bar = new Paragraph("  ");
        bar.Append(new string('━', filled), new Style(Palette.Of(0)));
        bar.Append(new string('─', cells - filled), Palette.Quiet);
        bar.Append($"  {elapsed:m\\:ss}", Palette.Quiet);
        IRenderable[] lines = [bar, new Text("  " + Sentence(status, room - 1), Palette.Quiet)];
        return new Rows(lines);
    }

    /// <summary>Where a job stands, on one line: the best so far beside what the newest iteration came to.</summary>
    /// <param name="room">Cells that there are for it; what matters least is left out.</param>
    public static string Sentence(JobStatus status, int room = int.MaxValue)
    {
        string phase = status.Phase switch
        {
            "prepare" => "fitting the preparation",
            "survey" => "looking at the columns",
            "init" => "choosing the start",
            "iterate" => "iterating",
            "final" => "last pass",
            "publish" => "publishing",
            "done" => "done",
            var other => other,
        };
        // When nothing is being trained any more, the last restart says nothing.
        if (status.Phase is "publish" or "done")
            return phase;
        (int Leaves, string Text)[] parts =
        [
            (0, phase),
            (1, status.LargestK > 0 && status.CurrentK > 0 ? $"k {status.CurrentK} of {status.K}..{status.LargestK}" : ""),
            (3, status.Restarts > 1 ? $"restart {Math.Min(status.Restart + 1, status.Restarts)} of {status.Restarts}" : ""),
            (4, status.Iteration > 0 ? $"iteration {status.Iteration}" : ""),
            (5, status.Iteration > 0 && double.IsFinite(status.Objective) ? $"objective {Numbers.Glance(status.Objective)}" : ""),
            (2, double.IsFinite(status.Best) ? $"best {Numbers.Glance(status.Best)}" : ""),
            (6, status.RowsPerSecond > 0 ? $"{Numbers.Rate(status.RowsPerSecond)} rows/s" : ""),
        ];
        for (int most = parts.Length; ; most--)
        {
            string sentence = string.Join(" · ", parts.Where(part => part.Leaves < most && part.Text.Length > 0).Select(part => part.Text));
            if (most == 1 || CellText.Width(sentence) <= room)
                return sentence;
        }
    }
}
