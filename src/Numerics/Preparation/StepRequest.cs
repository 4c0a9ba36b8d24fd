using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>A step as it is asked for.</summary>
/// <param name="Kind">Name of the step.</param>
/// <param name="Value">Its method or number; empty: as it is when nobody says.</param>
/// <param name="Columns">The columns it is for; empty: all that it can be for.</param>
public sealed record StepRequest(string Kind, string Value, ImmutableArray<string> Columns)
{
    /// <summary>The step as text, which <see cref="PreparationSpec.Parse"/> reads.</summary>
    public override string ToString()
    {
        string columns = string.Join('+', Columns.Select(Quoted));
        return (Value.Length, columns.Length) switch
        {
            (0, 0) => Kind,
            (0, _) => $"{Kind}={columns}",
            (_, 0) => $"{Kind}={Value}",
            _ => $"{Kind}={Value}:{columns}",
        };
    }

    /// <inheritdoc/>
    public bool Equals(StepRequest? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>A whole number of at least one.</summary>
    /// <exception cref="TrainingException">The value is none.</exception>
    internal int Size(int otherwise) => Value.Length == 0 ? otherwise
        : int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size >= 1 ? size
        : throw Refuse("takes a whole number of at least 1");

    internal double? Number() => double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? number : null;

    internal TrainingException Refuse(string what) => new($"The preparation step '{this}': {Kind} {what}.");

    private static string Quoted(string name) =>
        name.Length > 0 && name.All(one => char.IsLetterOrDigit(one) || one is '_' or '-' or '.' or ' ' or '#')
            && !double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? name
            : new StringBuilder(name).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString();
}
