using System.Globalization;
using System.Text;

namespace OrleansCluster.Numerics.Training;

/// <summary>
/// Clusters in the warnings of a run. A run knows its clusters by their positions only; what people call them (<see cref="Alignment.LabelAlignment"/>) is known
/// when the model is published. Until then a warning names position 3 as <c>‹3›</c>.
/// </summary>
public static class ClusterMark
{
    private const char Opens = '‹', Closes = '›';

    /// <summary>A cluster of the run.</summary>
    /// <param name="position">From 0.</param>
    public static string Of(int position) => string.Create(CultureInfo.InvariantCulture, $"{Opens}{position}{Closes}");

    /// <summary>A cluster that is in no model: by its number in the run, as <c>#3</c>.</summary>
    /// <param name="position">From 0.</param>
    public static string Lost(int position) => string.Create(CultureInfo.InvariantCulture, $"#{position}");

    /// <summary>A warning with its clusters as people know them.</summary>
    /// <param name="warning">A warning of a run.</param>
    /// <param name="name">What the cluster of a position is called.</param>
    public static string Name(string warning, Func<int, string> name)
    {
        ArgumentNullException.ThrowIfNull(warning);
        ArgumentNullException.ThrowIfNull(name);
        var told = new StringBuilder(warning.Length);
        for (int at = 0; at < warning.Length; at++)
        {
            int end = warning[at] == Opens ? warning.IndexOf(Closes, at) : -1;
            if (end > 0 && int.TryParse(warning.AsSpan()[(at + 1)..end], NumberStyles.None, CultureInfo.InvariantCulture, out int position))
            {
                told.Append(name(position));
                at = end;
            }
            else
            {
                told.Append(warning[at]);
            }
        }

        return told.ToString();
    }

    /// <summary>A warning whose clusters are in no model.</summary>
    public static string Lose(string warning) => Name(warning, Lost);
}
