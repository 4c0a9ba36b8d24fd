using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Demo;

/// <summary>A training in a process of its own that was killed before it was done.</summary>
/// <param name="Job">Its job.</param>
/// <param name="ProcessId">The process that was killed.</param>
/// <param name="Restarts">How many restarts were asked for.</param>
/// <param name="LastWords">The progress that the process told last.</param>
internal sealed record CrashedJob(string Job, int ProcessId, int Restarts, string LastWords)
{
    public const int Clusters = 24;
    public const ulong Seed = 3;
    private const int Attempts = 5;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1.5);

    /// <summary>Starts a training of <paramref name="dataset"/> and kills its process. A machine that is done too soon gets more to do.</summary>
    public static async Task<CrashedJob> StartAndKillAsync(CommandContext context, string dataset, int restarts)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++, restarts *= 4)
        {
            var child = new Child();
            CrashedJob? crashed = await new ProgressView(context.Terminal).WhileAsync(
                () => child.LastWords is { } words ? $"process {child.Id} · {words}" : "starting a process",
                () => child.RunAsync(context, dataset, restarts)).ConfigureAwait(false);
            if (crashed is not null)
                return crashed;
        }

        throw CommandException.Failure("The job was done each time before its process could be killed.");
    }

    private sealed class Child
    {
        private readonly TaskCompletionSource<string> _job = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _atWork = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _lastWords;

        public int Id { get; private set; }

        public string? LastWords => _lastWords;

        /// <summary>Null when the process ended by itself.</summary>
        public async Task<CrashedJob?> RunAsync(CommandContext context, string dataset, int restarts)
        {
            using Process process = Start(context, dataset, restarts);
            Id = process.Id;
            try
            {
                Task ended = process.WaitForExitAsync(context.Cancellation);
                Task alive = Task.WhenAll(_job.Task, _atWork.Task);
                await Task.WhenAny(ended, alive).ConfigureAwait(false);
                if (!ended.IsCompleted)
                    await Task.WhenAny(ended, Task.Delay(Life, context.Cancellation)).ConfigureAwait(false);
                context.Cancellation.ThrowIfCancellationRequested();
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }

            await process.WaitForExitAsync(context.Cancellation).ConfigureAwait(false);
            if (process.ExitCode == 0)
                return null;
            if (!_job.Task.IsCompleted || !_atWork.Task.IsCompleted)
                throw CommandException.Failure($"The job's process ended with code {process.ExitCode}: {LastWords}");
            return new CrashedJob(await _job.Task.ConfigureAwait(false), Id, restarts, Place(LastWords ?? "starting"));
        }

        /// <summary>Where the job was: the sentence without its numbers.</summary>
        private static string Place(string sentence)
        {
            int numbers = sentence.IndexOf(" · objective", StringComparison.Ordinal);
            return numbers < 0 ? sentence : sentence[..numbers];
        }

        private Process Start(CommandContext context, string dataset, int restarts)
        {
            string program = Environment.ProcessPath ?? throw CommandException.Failure("The path of this program is not known.");
            // Its own folder, so that no file there has the dataset's name.
            var start = new ProcessStartInfo(program)
            {
                WorkingDirectory = context.Home,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true
            };
            if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
                start.ArgumentList.Add(typeof(Child).Assembly.Location);
            foreach (string argument in new[] { "train", "kmeans", "--data", dataset, "--model", "crashed", "--home", context.Home, "--report", "json" })
                start.ArgumentList.Add(argument);
            foreach ((string name, ulong value) in new[] { ("--k", (ulong)Clusters), ("--seed", Seed), ("--restarts", (ulong)restarts) })
            {
                start.ArgumentList.Add(name);
                start.ArgumentList.Add(value.ToString(CultureInfo.InvariantCulture));
            }

            var process = new Process { StartInfo = start };
            process.ErrorDataReceived += (_, line) => Hear(line.Data);
            process.OutputDataReceived += (_, _) => { };
            process.Start();
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            process.StandardInput.Close();
            return process;
        }

        private void Hear(string? line)
        {
            if (string.IsNullOrWhiteSpace(line))
                return;
            if (line.StartsWith("job ", StringComparison.Ordinal))
            {
                _job.TrySetResult(line[4..]);
                return;
            }

            _lastWords = line;
            if (_job.Task.IsCompleted)
                _atWork.TrySetResult();
        }
    }
}
