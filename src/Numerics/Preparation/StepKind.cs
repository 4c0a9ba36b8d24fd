using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// A kind of step: how it is asked for, what it finds out of the rows (<see cref="Fit"/>), and what it does to them from then on (<see cref="Bind"/>). It has
/// no state: what it found is in the <see cref="StepRecord"/>.
/// </summary>
/// <param name="name">What it is called.</param>
internal abstract class StepKind(string name)
{
    private static readonly ImmutableArray<StepKind> All =
    [
        new SelectColumns(), new MissingIndicator(), new Impute(), new Scale(), new Clip(), Power.Log1p, Power.Root, new YeoJohnson(), new UnitNorm(),
            new OneHot(), new Ordinal(),
        new Hashing(), new DateCycle(), new Principal(whitens: false), new Principal(whitens: true), new ColumnWeight(),
    ];

    /// <summary>Names of all kinds.</summary>
    public static IEnumerable<string> Names => All.Select(kind => kind.Name);

    public string Name => name;

    /// <summary>Types of the columns that it is for when nobody names any.</summary>
    protected virtual ImmutableArray<ColumnType> Types => [ColumnType.Number];

    /// <summary>Types of the columns that it can be for.</summary>
    public virtual ImmutableArray<ColumnType> Takes => [ColumnType.Number, ColumnType.Boolean, ColumnType.Time];

    /// <exception cref="TrainingException">There is none of that name.</exception>
    public static StepKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new TrainingException($"There is no preparation step '{name}': the steps are {string.Join(", ", Names)}.");

    /// <summary>Whether a text is its value, and no column.</summary>
    public virtual bool IsValue(string text) => false;

    /// <exception cref="TrainingException">It cannot be asked for so.</exception>
    public virtual void Check(StepRequest request)
    {
        if (request.Value.Length > 0 && !IsValue(request.Value))
            throw request.Refuse($"has no '{request.Value}'");
    }

    /// <summary>Finds out what the step needs to know: yields passes, and before it goes on from one, what it found was told.</summary>
    /// <param name="request">The step as it was asked for.</param>
    /// <param name="fit">Where the answers are, and where the result goes.</param>
    public abstract IEnumerable<FitPass> Fit(StepRequest request, StepFit fit);

    /// <summary>The step over columns of certain lists of categories.</summary>
    /// <exception cref="TrainingException">A column that it needs is not there, or of another type.</exception>
    public abstract BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns);

    /// <summary>Takes back what the step did to named values, where that can be.</summary>
    public virtual void Undo(StepRecord record, ToldRow row)
    {
    }

    /// <summary>What the step does, for people.</summary>
    public abstract string Tell(StepRecord record);

    /// <summary>Positions of the columns that a step is for.</summary>
    /// <exception cref="TrainingException">One is not there, or of a type that the step is not for.</exception>
    public ImmutableArray<int> Places(StepRequest request, ImmutableArray<RowColumn> columns) => request.Columns.IsEmpty
        ? [.. Enumerable.Range(0, columns.Length).Where(column => Types.Contains(columns[column].Type))]
        : Places(request.ToString(), request.Columns, columns);

    /// <summary>Positions of the columns that a fitted step is for.</summary>
    /// <exception cref="TrainingException">One is not there, or of a type that the step is not for.</exception>
    protected ImmutableArray<int> Places(StepRecord record, ImmutableArray<RowColumn> columns) =>
        Places(Name, record.TextsOf(StepRecord.Columns), columns);

    /// <summary>The columns that a step is for, by name.</summary>
    protected static IEnumerable<string> NamesOf(ImmutableArray<int> places, StepFit fit) => places.Select(place => fit.Columns[place].Name);

    /// <summary>Columns with one put in the place of each of some.</summary>
    protected static ImmutableArray<RowColumn> Changed(ImmutableArray<RowColumn> columns, ImmutableArray<int> places, Func<RowColumn, RowColumn> change) =>
        Changed(columns, places.ToHashSet(), change);

    /// <summary>The same columns, of which those are numbers now.</summary>
    protected static ImmutableArray<RowColumn> AsNumbers(ImmutableArray<RowColumn> columns, ImmutableArray<int> places) =>
        Changed(columns, places, column => new RowColumn(column.Name));

    /// <summary>Names for people, the first of many.</summary>
    protected static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(5)) + (names.Count > 5 ? FormattableString.Invariant($", … ({names.Count} columns)") : "");

    private static ImmutableArray<RowColumn> Changed(ImmutableArray<RowColumn> columns, HashSet<int> places, Func<RowColumn, RowColumn> change) =>
        [.. columns.Select((column, place) => places.Contains(place) ? change(column) : column)];

    private ImmutableArray<int> Places(string step, ImmutableArray<string> names, ImmutableArray<RowColumn> columns)
    {
        Dictionary<string, int> known = RowColumn.Places(columns);
        return [.. names.Select(name => Place(step, name, columns, known))];
    }

    private int Place(string step, string column, ImmutableArray<RowColumn> columns, Dictionary<string, int> known)
    {
        if (!known.TryGetValue(column, out int place))
            throw new TrainingException(
                $"The preparation step '{step}' needs the column '{column}', which is not there: "
                    + $"the columns are {List([.. columns.Select(other => other.Name)])}.");
        return Takes.Contains(columns[place].Type)
            ? place
            : throw new TrainingException(
                $"The preparation step '{step}' is not for the column '{column}', which is a {RowColumn.NameOf(columns[place].Type)}.");
    }
}
