using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>An option of a family. Values are told as text, as people write them: invariant, numbers in as many digits as they need.</summary>
public sealed partial class OptionInfo
{
    private readonly PropertyInfo _property;
    private readonly OptionAttribute _said;

    internal OptionInfo(PropertyInfo property, OptionAttribute said, ITrainingOptions defaults)
    {
        (_property, _said) = (property, said);
        Name = said.Name ?? NameOf(property.Name);
        Kind = property.Name == nameof(ITrainingOptions.K) ? OptionKind.Counts : property.PropertyType switch
        {
            var type when type == typeof(int) => OptionKind.Integer,
            var type when type == typeof(double) => OptionKind.Real,
            var type when type == typeof(ulong) => OptionKind.Seed,
            var type when type == typeof(bool) => OptionKind.Flag,
            var type when type == typeof(string) => OptionKind.Word,
            var type when type == typeof(ReadOnlyMemory<byte>) => OptionKind.Rows,
            _ => throw new InvalidOperationException($"The option {Name} is a {property.PropertyType.Name}, which no option can be."),
        };
        Default = Kind is OptionKind.Counts or OptionKind.Rows ? "" : Read(defaults);
    }

    /// <summary>As people write it, with dashes: <c>max-iterations</c>.</summary>
    public string Name { get; }

    /// <summary>As JSON has it: <c>max_iterations</c>.</summary>
    public string JsonName => Name.Replace('-', '_');

    public OptionKind Kind { get; }

    /// <summary>What it is, for people, without a full stop.</summary>
    public string Help => _said.Help;

    /// <summary>Its value when it is not given; empty: there is none.</summary>
    public string Default { get; }

    /// <summary>What it can be; empty: it is no word.</summary>
    public ImmutableArray<string> Words => [.. _said.Words];

    /// <inheritdoc cref="OptionAttribute.OrRows"/>
    public bool OrRows => _said.OrRows;

    /// <inheritdoc cref="OptionAttribute.OfChoice"/>
    public bool OfChoice => _said.OfChoice;

    /// <summary>Whether of several numbers of clusters one is chosen.</summary>
    public bool ChoosesK => _property.DeclaringType!.GetProperty(nameof(ITrainingOptions.LargestK)) is { SetMethod: not null };

    /// <summary>Least value of a number; −∞: any.</summary>
    public double Minimum => _said.Minimum;

    /// <summary>Greatest value of a number, or what it must be below; +∞: any.</summary>
    public double Maximum => Math.Min(_said.Maximum, _said.Below);

    /// <summary>Whether a number must be below <see cref="Maximum"/>, and not at most that.</summary>
    public bool IsBelow => _said.Below <= _said.Maximum && double.IsFinite(_said.Below);

    /// <summary>The name of the option that a property is.</summary>
    internal static string NameOf(string property) => Capital().Replace(property, "-$0").TrimStart('-').ToLowerInvariant();

    /// <summary>Its value in options.</summary>
    public string Read(ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Kind == OptionKind.Counts ? ClusterCounts.Of(options).ToString() : _property.GetValue(options) switch
        {
            bool flag => flag ? "true" : "false",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            ReadOnlyMemory<byte> => "",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            string text => text,
            _ => "",
        };
    }

    /// <summary>The same options with another value of this one, which <see cref="Problem"/> has nothing against.</summary>
    public ITrainingOptions Write(ITrainingOptions options, string text)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Kind switch
        {
            OptionKind.Counts => ClusterCounts.TryParse(text)!.Value.On(options),
            OptionKind.Integer => options.With(_property.Name, int.Parse(text, CultureInfo.InvariantCulture)),
            OptionKind.Real => options.With(_property.Name, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            OptionKind.Seed => options.With(_property.Name, ulong.Parse(text, CultureInfo.InvariantCulture)),
            OptionKind.Flag => options.With(_property.Name, text == "true"),
            OptionKind.Word => options.With(_property.Name, text),
            _ => throw new InvalidOperationException($"Rows are no text, so that {Name} cannot be set by one."),
        };
    }

    /// <summary>What is wrong with a value, to follow it in a sentence; null: nothing.</summary>
    public string? Problem(string text) => Kind switch
    {
        OptionKind.Counts =>
            ClusterCounts.TryParse(text) is not { } counts ? ClusterCounts.Expected : counts.Largest > 0 && !ChoosesK ? "is several numbers: give one" : null,
        OptionKind.Integer =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? OutOfRange(value) : "is not a whole number",
        OptionKind.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? OutOfRange(value) : "is not a number",
        OptionKind.Seed =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"is not a whole number from 0 to {ulong.MaxValue}",
        OptionKind.Flag => text is "true" or "false" ? null : "is neither true nor false",
        OptionKind.Word => Words.Contains(text, StringComparer.Ordinal) || text == Default ? null : $"is not one of {string.Join(", ", Words)}",
        _ => null,
    };

    /// <summary>What it can be, for people: the words, or the range.</summary>
    public string Values() => Kind switch
    {
        OptionKind.Counts => ChoosesK ? "number, range or list" : "number",
        OptionKind.Flag => "yes or no",
        OptionKind.Seed => "whole number",
        OptionKind.Rows => "file of k rows",
        OptionKind.Word => string.Join(", ", OrRows ? Words.Add("or a file of k rows") : Words),
        _ => (Kind == OptionKind.Integer ? "whole number" : "number") + Range(),
    };

    private string Range() => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (false, false) => "",
        (true, false) => $", at least {Text(Minimum)}",
        (false, true) => $", {(IsBelow ? "below" : "at most")} {Text(Maximum)}",
        _ => $" from {Text(Minimum)} to {(IsBelow ? "below " : "")}{Text(Maximum)}",
    };

    private string? OutOfRange(double value)
    {
        if (value < Minimum)
            return Minimum == 0 ? "is negative: give 0 or more" : $"is too small: give at least {Text(Minimum)}";
        if (IsBelow ? value >= Maximum : value > Maximum)
            return $"is too large: give {(IsBelow ? "less than" : "at most")} {Text(Maximum)}";
        // Whole numbers are of 32 bits.
        return Kind == OptionKind.Integer && (value > int.MaxValue || value < int.MinValue) ? $"is too large: give at most {int.MaxValue}" : null;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
