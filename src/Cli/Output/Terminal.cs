using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Where results (standard output) and everything else (standard error) go, and what each can show.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _out;
    private readonly Lazy<IAnsiConsole> _error;

    /// <summary>The process's own.</summary>
    public Terminal()
        : this(() => Create(Console.Out, Console.IsOutputRedirected), () => Create(Console.Error, Console.IsErrorRedirected))
    {
    }

    /// <summary>What was made elsewhere.</summary>
    public Terminal(Func<IAnsiConsole> output, Func<IAnsiConsole> error) => (_out, _error) = (new Lazy<IAnsiConsole>(output), new Lazy<IAnsiConsole>(error));

    /// <summary>Results.</summary>
    public IAnsiConsole Out => _out.Value;

    /// <summary>Progress and messages.</summary>
    public IAnsiConsole Error => _error.Value;

    /// <summary>Whether results may be coloured.</summary>
    public bool IsColoured => Out.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    /// <summary>Whether progress can be redrawn in place.</summary>
    public bool IsLive => Error.Profile.Capabilities.Ansi && !Console.IsErrorRedirected;

    /// <summary>A line of text on standard output, as it is: a command in it can be copied however narrow the window.</summary>
    public static void Print(string line) => Console.Out.WriteLine(line);

    /// <summary>A line of text on standard error, as it is.</summary>
    public static void Say(string message) => Console.Error.WriteLine(message);

    /// <summary>Asks a person a question on standard error; only a clear yes is one.</summary>
    /// <exception cref="OperationCanceledException">The person wants to stop.</exception>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellation)
    {
        await Console.Error.WriteAsync($"{question} [y/N] ".AsMemory(), cancellation).ConfigureAwait(false);
        string? answer = await Task.Run(Console.In.ReadLine, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        bool plain = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        // A pipe has no width: nothing is folded, cut or left out on the way to a program.
        if (redirected)
            console.Profile.Width = 1_000_000;
        return console;
    }
}
