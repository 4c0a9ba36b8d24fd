using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>How a command ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON value on standard output, of a command that succeeded.</summary>
    public JsonElement Json
    {
        get
        {
            Succeeded();
            return JsonDocument.Parse(Output).RootElement;
        }
    }

    /// <summary>Fails, with what the command said, unless it succeeded.</summary>
    public Outcome Succeeded()
    {
        ExitCode.ShouldBe(0, Error);
        return this;
    }

    /// <summary>Checks that the command was refused: an exit code, one error, nothing on standard output, and no stack trace.</summary>
    /// <returns>The message.</returns>
    public string Refused(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, Error);
        Output.ShouldBeEmpty();
        Error.ShouldNotContain("   at ");
        Error.ShouldNotContain("Exception");
        string[] errors = [.. Error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal))];
        errors.Length.ShouldBe(1, Error);
        return errors[0]["error: ".Length..];
    }
}
