using System.Globalization;

namespace OrleansCluster.Numerics;

/// <summary>A run cannot go on: the message says what is wrong and what to change.</summary>
public sealed class TrainingException : Exception
{
    private readonly int? _column;
    private readonly string _what = "";

    /// <param name="message">For people.</param>
    /// <param name="scope">What it ends.</param>
    public TrainingException(string message, TrainingScope scope = TrainingScope.Rows)
        : base(message) => Scope = scope;

    private TrainingException(int column, string what)
        : base($"{Column(column, [])}{what}") => (Scope, _column, _what) = (TrainingScope.Rows, column, what);

    private TrainingException(string reason, string advice)
        : base($"{reason}: {advice}") => (Scope, Reason, Advice) = (TrainingScope.Restart, reason, advice);

    /// <summary>What it ends.</summary>
    public TrainingScope Scope { get; }

    /// <summary>Of a restart: what is wrong, without what to change.</summary>
    internal string Reason { get; } = "";

    /// <summary>Of a restart: what to change.</summary>
    internal string Advice { get; } = "";

    /// <summary>A restart cannot go on.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="advice">What to change: goes on after a colon.</param>
    internal static TrainingException OfRestart(string reason, string advice) => new(reason, advice);

    /// <summary>Something is wrong with a column.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="what">Goes on after its name: <c> is constant: leave it out.</c></param>
    public static TrainingException OfColumn(int column, string what) => new(column, what);

    /// <summary>The message, with the column by its name.</summary>
    /// <param name="columns">Names of the rows' columns; one that is not there goes by its position.</param>
    public string Told(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return _column is { } position ? $"{Column(position, columns)}{_what}" : Message;
    }

    private static string Column(int position, IReadOnlyList<string> names) => position < names.Count
        ? $"Column '{names[position]}' (position {position.ToString(CultureInfo.InvariantCulture)} from 0)"
        : $"Column {position.ToString(CultureInfo.InvariantCulture)} (from 0)";
}
