using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Web.Hosting;

/// <summary>Sends the log of this process to where OpenTelemetry's standard variables say, with the ids of the spans that it is written in.</summary>
public sealed class LogExport : IDisposable
{
    private readonly ILoggerFactory _sent;

    private LogExport(ILoggerFactory sent) => _sent = sent;

    /// <summary>Begins, where it is wanted; else null, and nothing of OpenTelemetry is loaded.</summary>
    public static LogExport? Start() => TelemetryNames.AreLogsWanted ? new LogExport(Make()) : null;

    /// <summary>What hosts of this process tell their log to. They may end before this does.</summary>
    /// <param name="hide">Takes out of a text what it may not tell.</param>
    public ILoggerProvider Provider(Func<string, string> hide) => new Told(_sent, hide);

    /// <summary>Sends what is left.</summary>
    public void Dispose() => _sent.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ILoggerFactory Make() => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
    {
        // The text has what was hidden in it hidden; the form of the message is not needed beside it.
        options.IncludeFormattedMessage = true;
        ResourceBuilder resource = ResourceBuilder.CreateEmpty();
        TelemetryExport.Describe(resource);
        options.SetResourceBuilder(resource).AddOtlpExporter(OtlpSignals.Of("LOGS"));
    }));

    private sealed class Told(ILoggerFactory sent, Func<string, string> hide) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Lines(sent.CreateLogger(categoryName), hide);

        public void Dispose()
        {
        }
    }

    /// <summary>Gives lines on without what they may not tell, and with the names that spans have for the same things.</summary>
    private sealed class Lines(ILogger sent, Func<string, string> hide) : ILogger
    {
        private const string Form = "{OriginalFormat}", Tenant = "tenant";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArgumentNullException.ThrowIfNull(formatter);
            string text = hide(formatter(state, exception));
            var values = new List<KeyValuePair<string, object?>>();
            foreach ((string name, object? value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                if (name != Form)
                    values.Add(new(Name(name), value is null or bool or int or long or double ? value : hide($"{value}")));
            }

            if (Activity.Current?.GetTagItem(Tenant) is string tenant && values.TrueForAll(value => value.Key != Tenant))
                values.Add(new(Tenant, tenant));
            // Where, and not what: the message of an error may quote what somebody sent.
            if (exception is not null)
                values.AddRange([new("exception.type", exception.GetType().FullName), new("exception.stacktrace", hide(exception.StackTrace ?? ""))]);
            sent.Log(logLevel, eventId, values, null, (_, _) => text);
        }

        /// <summary><c>Version</c> is <c>model_version</c> and <c>NextRow</c> <c>next_row</c>, as in spans.</summary>
        private static string Name(string name) => name == "Version" ? "model_version" : string.Concat(name.Select((letter, i) =>
            char.IsUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
    }
}
