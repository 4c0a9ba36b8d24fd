using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>What is known of components that collapsed.</summary>
/// <param name="Parameters">Of all components, the collapsed ones' covariances replaced.</param>
/// <param name="FloorHits">Of all components.</param>
/// <param name="Components">Which collapsed, ascending.</param>
internal sealed record Collapse(MixtureParameters Parameters, int[] FloorHits, int[] Components)
{
    /// <summary>Rows told for each component.</summary>
    public const int RowsTold = 5;

    /// <summary>Where each of the first components sat, in words.</summary>
    public List<string> Places { get; } = [];

    public static string Describe(IReadOnlyList<SelectedRow> rows)
        => rows.Count == 0 ? "on no row" : $"on row{(rows.Count == 1 ? "" : "s")} {string.Join(", ", rows.Select(row => row.Row + 1).Order())}{(rows.Count == RowsTold ? " …" : "")}";

    public string Describe()
        => $"Component{(Components.Length == 1 ? "" : "s")} {string.Join(", ", Components.Select((c, i) => $"{c} ({Places[i]})"))} collapsed";

    public void Write(ByteWriter writer)
    {
        Parameters.Write(writer);
        writer.Int32s(FloorHits);
        writer.Int32s(Components);
        writer.Int32(Places.Count);
        foreach (string place in Places)
            writer.String(place);
    }

    public static Collapse Read(ByteReader reader)
    {
        var collapse = new Collapse(MixtureParameters.Read(reader), reader.Int32s(), reader.Int32s());
        for (int left = reader.Length(4); left > 0; left--)
            collapse.Places.Add(reader.String());
        return collapse;
    }
}
