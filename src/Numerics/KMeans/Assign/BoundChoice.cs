using System.Globalization;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Which bounds spare a k-means iteration its distances: the choice that depends on the numbers of centres and columns alone, and its reasons in words.
/// </summary>
public static class BoundChoice
{
    /// <summary>Fewer centres are not put in groups.</summary>
    internal const int LeastGroupedCentres = 128;

    /// <summary>Multiply-adds of a row with all centres below which a group spares less than it costs.</summary>
    internal const int LeastGroupedWork = 1 << 14;

    /// <summary>Rows of fewer columns are not screened: what a centre costs besides its multiply-adds would outweigh what those save.</summary>
    internal const int LeastScreenedColumns = 32;

    /// <summary>Groups begin once no more than one row of so many moves …</summary>
    internal const int SettlingShare = 16;

    /// <summary>… and more than one row of so many is scored for all that.</summary>
    internal const int SpentShare = 8;

    /// <summary>
    /// <c>none</c>, <c>row</c> (one bound a row), <c>groups</c> (one for each group of centres besides, where they begin) or
    /// <c>screen</c> (one bound a row, and centres screened in seven bits).
    /// </summary>
    /// <param name="k">Number of centres.</param>
    /// <param name="columns">d.</param>
    /// <param name="plain">Whether a training without acceleration was asked for.</param>
    public static string Name(int k, int columns, bool plain) => plain || k == 1 ? "none"
        : ScreeningPays(k, columns) ? "screen"
        : GroupsMayPay(k, columns) ? "groups" : "row";

    /// <summary>A sentence that says why.</summary>
    /// <inheritdoc cref="Name"/>
    public static string Reason(int k, int columns, bool plain)
    {
        string limits = string.Create(CultureInfo.InvariantCulture, $"at least {LeastGroupedCentres} centres and {LeastGroupedWork} centres × columns");
        if (plain)
            return "Every distance was asked for.";
        if (k == 1)
            return "There is one centre: nothing to choose.";
        if (ScreeningPays(k, columns))
            return $"With {limits}, and at least {LeastScreenedColumns} columns, centres that may be nearest are found by seven-bit arithmetic and only "
                + "those are scored; a row whose bound is spent is screened against the centres that moved far enough, or against all of them when that "
                + "bound says too little.";
        return GroupsMayPay(k, columns)
            ? $"With {limits} some centre always moves far, which spends a row's one bound: in each shard, once at most 1 row of {SettlingShare} moves and "
                + $"that bound still leaves more than 1 of {SpentShare} to be scored, groups of centres get a bound each, and begin anew when a sample of "
                + "the rows says that following them would cost more than scoring everything."
            : $"One bound a row: scoring it against all centres costs less than looking at a bound for each group of them, which takes {limits} to pay.";
    }

    /// <summary>Whether rows and centres rounded to seven bits find the nearest sooner.</summary>
    internal static bool ScreeningPays(int k, int columns)
        => columns is >= LeastScreenedColumns and <= CodeTable.MostColumns && GroupsMayPay(k, columns);

    /// <summary>Whether bounds for groups of centres can be worth what they cost.</summary>
    internal static bool GroupsMayPay(int k, int columns) => k >= LeastGroupedCentres && (long)k * columns >= LeastGroupedWork;
}
