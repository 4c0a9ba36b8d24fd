using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace OrleansCluster.Silo.Clustering;

/// <summary>The log of a silo on its standard output, or on standard error: one line an event, in UTC, and no secret in it whatever is logged.</summary>
public static class SiloLog
{
    private const string Form = "silo";

    /// <summary>Makes it the only log. Levels can be changed by ordinary configuration (section <c>Logging</c>).</summary>
    /// <param name="logging">The host's logging.</param>
    /// <param name="secrets">What no line may show.</param>
    /// <param name="onError">Whether it is on standard error, because standard output has results.</param>
    public static void AddSiloLog(this ILoggingBuilder logging, IReadOnlyList<string> secrets, bool onError = false)
    {
        logging.ClearProviders();
        logging.Services.AddSingleton<ConsoleFormatter>(new Lines(secrets));
        logging.AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (Form, onError ? LogLevel.Trace : LogLevel.None));
        logging.AddSiloLevels();
    }

    /// <summary>What is worth a line, whoever writes it.</summary>
    public static void AddSiloLevels(this ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        // First, so that of two rules for one category the configuration's counts.
        logging.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<LoggerFilterOptions>>(new ConfigureOptions<LoggerFilterOptions>(Levels)));
    }

    private static void Levels(LoggerFilterOptions options)
    {
        options.AddFilter("Orleans", LogLevel.Warning);
        // Ours, whose names begin alike.
        options.AddFilter("OrleansCluster", LogLevel.Information);
        // Orleans tells under the name of its user that it starts and stops.
        options.AddFilter("OrleansCluster.Silo.News.ModelNewsService", LogLevel.Warning);
        // Tells of every attempt that Orleans makes again; what comes of them Orleans tells itself.
        options.AddFilter("Polly", LogLevel.None);
    }

    private sealed class Lines(IReadOnlyList<string> secrets) : ConsoleFormatter(Form)
    {
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
            if (logEntry.Exception is { } exception)
                text = $"{text} {exception}";
            textWriter.Write(DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
            string source = $"{logEntry.Category}[{logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture)}]";
            // By which a line is found beside the spans of its request, where these are told somewhere.
            string trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? $" trace={activity.TraceId} span={activity.SpanId}" : "";
            textWriter.WriteLine($"{Short(logEntry.LogLevel)}: {source}{trace} {Secrets.Hide(OneLine(text), secrets)}");
        }

        private static string OneLine(string text) => text.ReplaceLineEndings(" ");

        private static string Short(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
