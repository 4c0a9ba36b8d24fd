using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>Keeps the lines that our own code logs.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName.StartsWith("OrleansCluster.", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Lines(LogLines all, bool ours) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => ours;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (ours)
                all._lines.Enqueue($"{logLevel} {formatter(state, exception)}");
        }
    }
}
