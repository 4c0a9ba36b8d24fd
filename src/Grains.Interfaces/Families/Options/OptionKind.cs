namespace OrleansCluster.Families.Options;

/// <summary>What the value of an option is.</summary>
public enum OptionKind
{
    /// <summary>The number of clusters, or several that one is chosen of: <c>3</c>, <c>1..20</c>.</summary>
    Counts,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A finite number.</summary>
    Real,

    /// <summary>A whole number of 64 bits without sign.</summary>
    Seed,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>One of several words.</summary>
    Word,

    /// <summary>A file of rows, one for each cluster.</summary>
    Rows,
}
