namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>What the components of a Gaussian mixture may look like. Values are part of the format.</summary>
public enum CovarianceForm : byte
{
    /// <summary>Each component has its own symmetric matrix.</summary>
    Full = 1,

    /// <summary>All components share one symmetric matrix.</summary>
    Tied = 2,

    /// <summary>Each component has its own variance in each column.</summary>
    Diagonal = 3,

    /// <summary>Each component has one variance.</summary>
    Spherical = 4,
}

/// <summary>Names and sizes of the forms.</summary>
public static class CovarianceForms
{
    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    public static string Name(this CovarianceForm form) => form switch
    {
        CovarianceForm.Full => "full",
        CovarianceForm.Tied => "tied",
        CovarianceForm.Diagonal => "diag",
        CovarianceForm.Spherical => "spherical",
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };

    /// <summary>The form of a name.</summary>
    /// <exception cref="ArgumentException">There is no such form.</exception>
    public static CovarianceForm Parse(string name) => name switch
    {
        "full" => CovarianceForm.Full,
        "tied" => CovarianceForm.Tied,
        "diag" => CovarianceForm.Diagonal,
        "spherical" => CovarianceForm.Spherical,
        _ => throw new ArgumentException($"The covariance form '{name}' is unknown: use full, tied, diag or spherical.", nameof(name)),
    };

    /// <summary>Entries of a symmetric d × d matrix of which the lower triangle is kept, row by row: d(d + 1)/2.</summary>
    public static long Packed(int columns) => (long)columns * (columns + 1) / 2;

    /// <summary>Numbers that the covariances of a model are: matrices packed, component after component.</summary>
    public static long CovarianceLength(this CovarianceForm form, int k, int columns) => form switch
    {
        CovarianceForm.Full => k * Packed(columns),
        CovarianceForm.Tied => Packed(columns),
        CovarianceForm.Diagonal => (long)k * columns,
        _ => k,
    };

    /// <summary>Numbers that the second moments of a statistic are. Spherical components keep a diagonal.</summary>
    public static long MomentLength(this CovarianceForm form, int k, int columns)
        => form == CovarianceForm.Spherical ? (long)k * columns : form.CovarianceLength(k, columns);

    /// <summary>Directions in which a covariance has a variance of its own: one when all are the same.</summary>
    public static int Directions(this CovarianceForm form, int columns) => form == CovarianceForm.Spherical ? 1 : columns;

    /// <summary>Bytes of the statistic of one step: weights, means and second moments of k components.</summary>
    public static long StatisticBytes(this CovarianceForm form, int k, int columns)
        => 8 * (k + ((long)k * columns) + form.MomentLength(k, columns));

    /// <summary>Free parameters of a model: (k − 1) weights, k·d means and the covariances.</summary>
    public static long FreeParameters(this CovarianceForm form, int k, int columns)
        => k - 1 + ((long)k * columns) + form.CovarianceLength(k, columns);
}
