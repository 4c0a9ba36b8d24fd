using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>What is known of components that collapsed.</summary>
/// <param name="Parameters">Of all components, the lost ones' covariances replaced.</param>
/// <param name="FloorHits">Of all components.</param>
/// <param name="Components">Which collapsed, ascending.</param>
/// <param name="Lost">Those of them that lost their rows; the rows of the others are one point.</param>
internal sealed record Collapse(MixtureParameters Parameters, int[] FloorHits, int[] Components, int[] Lost)
{
    /// <summary>Rows told for each component.</summary>
    public const int RowsTold = 5;

    /// <summary>Components of which it is told where they sat.</summary>
    private const int MostTold = 5;

    /// <summary>Where each of the first components sat, in words.</summary>
    public List<string> Places { get; } = [];

    /// <summary>The component whose place is to be found next; null when enough are known.</summary>
    public int? Next => Places.Count < Math.Min(MostTold, Components.Length) ? Components[Places.Count] : null;

    /// <summary>Whether every component collapsed.</summary>
    public bool IsOfAll => Components.Length == Parameters.K;

    public static string Describe(IReadOnlyList<SelectedRow> rows)
        => rows.Count == 0 ? "on no row"
            : $"on row{(rows.Count == 1 ? "" : "s")} {string.Join(", ", rows.Select(row => row.Row + 1).Order())}{(rows.Count == RowsTold ? " …" : "")}";

    /// <param name="name">What a component is called, by its position.</param>
    public string Describe(Func<int, string> name)
    {
        int more = Components.Length - Places.Count;
        return $"Component{(Components.Length == 1 ? "" : "s")} "
            + $"{string.Join(", ", Places.Select((place, i) => $"{name(Components[i])} ({place})"))}{(more > 0 ? $" and {more} more" : "")} collapsed";
    }

    public void Write(ByteWriter writer)
    {
        Parameters.Write(writer);
        writer.Int32s(FloorHits);
        writer.Int32s(Components);
        writer.Int32s(Lost);
        writer.Int32(Places.Count);
        foreach (string place in Places)
            writer.String(place);
    }

    /// <param name="reader">At its beginning.</param>
    /// <param name="lost">Whether it says which components lost their rows: earlier builds left it to the floor, which holds the others.</param>
    public static Collapse Read(ByteReader reader, bool lost)
    {
        (MixtureParameters parameters, int[] hits, int[] components) = (MixtureParameters.Read(reader), reader.Int32s(), reader.Int32s());
        var collapse = new Collapse(parameters, hits, components, lost ? reader.Int32s() : [.. components.Where(c => hits[c] == 0)]);
        for (int left = reader.Length(4); left > 0; left--)
            collapse.Places.Add(reader.String());
        return collapse;
    }
}
