using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>A table whose format says what its columns hold.</summary>
internal sealed class TypedTable(ITypedSource source) : ITable
{
    public string Name => source.Name;

    public ImmutableArray<string> Columns => Names.ToArray();

    public bool HasNames => Names.HasNames;

    private ColumnNames Names { get; } = new(source.Name, [.. source.Fields.Select(field => field.Name)]);

    public IReadOnlyList<int> Choose(ReadOptions options) => ColumnSelection.Resolve(Names, options).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null) =>
        new TypedRowReader(source, Names, ColumnSelection.Resolve(Names, options, chosen: values), options);

    public void Dispose() => source.Dispose();
}
