using System.Text;
using OrleansCluster.Cli.Output;
using Spectre.Console;

namespace OrleansCluster.Cli.Tests;

/// <summary>A terminal of a given width without colours, which keeps what is written to it.</summary>
internal sealed class Screen
{
    private readonly StringBuilder _text = new();

    public Screen(int width)
    {
        Console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(new StringWriter(_text)) });
        Console.Profile.Width = width;
        Width = width;
    }

    public IAnsiConsole Console { get; }

    public int Width { get; }

    public string Text => _text.ToString();

    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary>What is wider than the window, by what it takes on a screen.</summary>
    public IEnumerable<string> TooWide => Lines.Where(line => CellText.Width(line) > Width);
}
