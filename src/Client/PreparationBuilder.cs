using System.Globalization;

namespace OrleansCluster.Client;

/// <summary>
/// What is done to rows before a model sees them, step by step:
/// <c>new PreparationBuilder().Impute("median").Scale("standard").OneHot(20, "country").ToString()</c>
/// is a request's <see cref="Training.TrainingRequest.Preparation"/>. Steps without columns are for all that they can be for;
/// what they do is in docs/preparation.md.
/// </summary>
public sealed class PreparationBuilder
{
    private readonly List<string> _steps = [];

    /// <summary>These columns, in this order.</summary>
    public PreparationBuilder Select(params string[] columns) => Add("select", "", columns);

    /// <summary>For columns with gaps one more that says where they are.</summary>
    public PreparationBuilder Indicator(params string[] columns) => Add("indicator", "", columns);

    /// <summary>Fills missing values in: <c>mean</c>, <c>median</c> or <c>most-frequent</c>.</summary>
    public PreparationBuilder Impute(string method, params string[] columns) => Add("impute", method, columns);

    /// <summary>Fills missing numbers in.</summary>
    public PreparationBuilder Impute(double value, params string[] columns) => Add("impute", Text(value), columns);

    /// <summary>Shifts and scales: <c>standard</c>, <c>minmax</c>, <c>robust</c> or <c>maxabs</c>.</summary>
    public PreparationBuilder Scale(string method, params string[] columns) => Add("scale", method, columns);

    /// <summary>Clips at the quantiles of two shares.</summary>
    public PreparationBuilder Clip(double low, double high, params string[] columns) => Add("clip", $"{Text(low)}..{Text(high)}", columns);

    /// <summary>ln(1 + x).</summary>
    public PreparationBuilder Log1p(params string[] columns) => Add("log1p", "", columns);

    /// <summary>√x.</summary>
    public PreparationBuilder Sqrt(params string[] columns) => Add("sqrt", "", columns);

    /// <summary>The likeliest power transform.</summary>
    public PreparationBuilder YeoJohnson(params string[] columns) => Add("yeojohnson", "", columns);

    /// <summary>Rows of length 1.</summary>
    public PreparationBuilder Unit(params string[] columns) => Add("unit", "", columns);

    /// <summary>A column a category, at most so many of a column.</summary>
    public PreparationBuilder OneHot(int size, params string[] columns) => Add("onehot", size.ToString(CultureInfo.InvariantCulture), columns);

    /// <summary>Places of categories among the texts.</summary>
    public PreparationBuilder Ordinal(params string[] columns) => Add("ordinal", "", columns);

    /// <summary>Categories hashed into so many columns.</summary>
    public PreparationBuilder Hash(int size, params string[] columns) => Add("hash", size.ToString(CultureInfo.InvariantCulture), columns);

    /// <summary>Parts of times as places in circles: <c>hour</c>, <c>weekday</c>, <c>month</c>, with + between them.</summary>
    public PreparationBuilder Cycle(string parts, params string[] columns) => Add("cycle", parts, columns);

    /// <summary>Principal axes: a share of the variance below 1, or a number of them.</summary>
    public PreparationBuilder Principal(double kept, bool whiten = false) => Add(whiten ? "whiten" : "pca", Text(kept), []);

    /// <summary>Columns times a factor.</summary>
    public PreparationBuilder Weigh(double factor, params string[] columns) => Add("weigh", Text(factor), columns);

    /// <summary>The steps as a request takes them.</summary>
    public override string ToString() => string.Join(',', _steps);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private PreparationBuilder Add(string step, string value, string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        string names = string.Join('+', columns.Select(column => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        _steps.Add((value.Length, names.Length) switch
        {
            (0, 0) => step,
            (0, _) => $"{step}={names}",
            (_, 0) => $"{step}={value}",
            _ => $"{step}={value}:{names}",
        });
        return this;
    }
}
