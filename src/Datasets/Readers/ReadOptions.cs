using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>How to read a table; whatever is null is detected.</summary>
public sealed record ReadOptions
{
    /// <summary>
    /// Text: what separates cells, any ASCII character; a blank means runs of blanks and tabs. Null: tab, semicolon, comma or white space, as the first lines
    /// show.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Text: whether the first line holds names. Null: as the first lines show; where they leave it open, the table is refused.</summary>
    public bool? Header { get; init; }

    /// <summary>Text: a cell that begins with this character ends with it, and two of it within stand for one. Null: there are no quotes.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>
    /// Text: lines that begin with this character are passed over. Null: those with <c>#</c> or <c>%</c> before the first row, unless they are rows themselves.
    /// Names in the last such line before the first row are taken as a header, as numpy.savetxt writes it.
    /// </summary>
    public char? Comment { get; init; }

    /// <summary>Text: lines at the beginning that are passed over, at least 0.</summary>
    public int Skip { get; init; }

    /// <summary>How numbers and dates of a text are written; dates in texts of other formats, too.</summary>
    public WrittenForms Forms { get; init; } = WrittenForms.Plain;

    /// <summary>
    /// The value columns, in this order: names, positions from 0, and ranges of either with both ends included, separated by commas:
    /// <c>age,income..rent</c>, <c>0..3,7</c>. A name goes before a position. Null: all but the id, weight and label columns.
    /// </summary>
    public string? Columns { get; init; }
    /// <summary>
    /// Name or position (from 0) of the column carried along as row id. Null: the row names that R and pandas write before the columns with names, else none.
    /// </summary>
    public string? IdColumn { get; init; }

    /// <summary>Name or position (from 0) of the column of row weights (finite, at least 0). Null: every row weighs 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Name or position (from 0) of a column of known labels, numbers or text. Null: none.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Only the label column (and an id column) is read, and no values.</summary>
    public bool LabelsOnly { get; init; }
    /// <summary>
    /// How values are stored. Null: text as float64; npy as it is there, integers as float32 when it holds their type exactly, else as float64.
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>Whether columns may be categories, yes and no, and times, besides numbers. Else all are numbers.</summary>
    public bool Typed { get; init; }

    /// <summary>Whether values may be missing, where columns have types; a category may in any case.</summary>
    public bool AllowsMissing { get; init; }

    /// <summary>
    /// What columns are, where columns have types: <c>when=datetime,plz=category</c>, or <c>@FILE</c>, a JSON object of names and types. Null: as the table's
    /// format or its first 1,000 rows show.
    /// </summary>
    public string? Types { get; init; }

    /// <summary>svmlight: whether indices count from 0. Null: they do where any is 0, and else from 1.</summary>
    public bool? ZeroBased { get; init; }

    /// <summary>svmlight: how many columns there are, so that those without a value in this file count. Null: as many as the greatest index says.</summary>
    public int? Features { get; init; }

    /// <summary>Whether more columns than <see cref="Features"/> are refused, because somebody said so. Else there are at least so many.</summary>
    public bool HasFeatures { get; init; }

    /// <summary>Whether rows may be wider than dense ones can be stored: as models of sparse rows are.</summary>
    public bool IsWide { get; init; }

    /// <summary>
    /// Whether rows of a sparse format come without their zeros (<see cref="RowBatch.IsSparse"/>), where nothing is asked for that looks at zeros:
    /// conditions, columns in another order.
    /// </summary>
    public bool Sparse { get; init; }

    /// <summary>Whether somebody said that rows are not to be sparse.</summary>
    public bool SaidDense { get; init; }

    /// <summary>Most rows that are read, after <see cref="Where"/>; null: all.</summary>
    public long? Limit { get; init; }

    /// <summary>Which rows are read: those for which every condition holds, each as <c>COLUMN OP VALUE</c> (<see cref="RowCondition"/>).</summary>
    public IReadOnlyList<string> Where { get; init; } = [];

    /// <summary>
    /// Positions of columns that are read behind the values, as whatever they are and missing as they may be, for who writes the rows again. To be given,
    /// if only empty, when the table is opened. Null: none.
    /// </summary>
    public IReadOnlyList<int>? Beside { get; init; }

    /// <summary>What columns of these names are, unless <see cref="Types"/> says otherwise. Null: nothing is known.</summary>
    public IReadOnlyDictionary<string, ColumnType>? KnownTypes { get; init; }
    /// <summary>
    /// Whether the command has options that say how to read this table (<c>--columns</c>, <c>--header</c>, …), so that messages may advise them.
    /// </summary>
    public bool HasOptions { get; init; } = true;

    /// <summary>The same for rows of a model that prepares them: its columns are of these types, and any value may be missing.</summary>
    /// <param name="types">What the model's columns are, in its order; empty: it takes numbers as they are.</param>
    /// <param name="columns">Names of the table's columns.</param>
    /// <param name="places">Which of them are the model's, in its order.</param>
    public ReadOptions Knowing(IReadOnlyList<ColumnType> types, IReadOnlyList<string> columns, IReadOnlyList<int> places)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(places);
        if (types.Count == 0)
            return this;
        var known = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        for (int j = 0; j < places.Count; j++)
            known[columns[places[j]]] = types[j];
        return this with { Typed = true, AllowsMissing = true, KnownTypes = known, Sparse = false };
    }
}
