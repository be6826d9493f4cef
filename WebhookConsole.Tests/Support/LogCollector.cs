using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookConsole.Tests.Support;

/// <summary>Keeps every line of the log, so that a test can look for what must be there or must never be.</summary>
public sealed class LogCollector : ILoggerProvider
{
    /// <summary>From this level on; below Information also the scopes and the single values of a line.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();

    public IEnumerable<string> Lines => _lines.Select(l => l.Line);

    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Line);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(LogCollector collector, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (collector.Level < LogLevel.Information)
            {
                collector._lines.Enqueue((LogLevel.Trace, $"{category}: scope {state} {ValuesOf(state)}"));
            }

            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= collector.Level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                collector._lines.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
                if (collector.Level < LogLevel.Information && ValuesOf(state) is { Length: > 0 } values)
                {
                    collector._lines.Enqueue((LogLevel.Trace, $"{category}: {values}"));
                }
            }
        }

        private static string ValuesOf<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")) : "";
    }
}
