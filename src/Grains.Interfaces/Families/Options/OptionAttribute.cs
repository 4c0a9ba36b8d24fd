namespace OrleansCluster.Families.Options;

/// <summary>
/// Says all that there is to say of an option, on the property that holds it: the command's option, checks, JSON and the table in the documentation follow.
/// Its name is the property's (<c>MaxIterations</c>: <c>max-iterations</c>), its default what the property has in options that nobody changed.
/// </summary>
/// <param name="help">What it is, for people, without a full stop.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string help) : Attribute
{
    public string Help => help;

    /// <summary>Another name than the property's.</summary>
    public string? Name { get; init; }

    /// <summary>Least value of a number.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Greatest value of a number.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>A number must be below this.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>What a text can be; empty: the property is no text.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>Whether, instead of one of the words, a file of rows to start from can be named.</summary>
    public bool OrRows { get; init; }

    /// <summary>Whether it only matters where one of several numbers of clusters is chosen.</summary>
    public bool OfChoice { get; init; }
}
