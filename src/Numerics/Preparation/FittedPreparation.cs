using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Steps with all that they found in the training rows: what turns rows into those that a model sees, in training and whenever it is asked.</summary>
public sealed class FittedPreparation
{
    private const string Magic = "OCPF";
    private const byte Version = 1;

    /// <param name="inputs">The columns that rows must have, with the categories of the training rows.</param>
    /// <param name="steps">In order.</param>
    public FittedPreparation(ImmutableArray<RowColumn> inputs, ImmutableArray<StepRecord> steps)
    {
        (Inputs, Steps) = (inputs, steps);
        Outputs = Bind(inputs).Outputs;
    }

    /// <summary>The columns that rows must have, in order, with the categories of the training rows.</summary>
    public ImmutableArray<RowColumn> Inputs { get; }

    /// <summary>The steps, in order.</summary>
    public ImmutableArray<StepRecord> Steps { get; }

    /// <summary>Names of the columns of prepared rows.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>What each step does, for people.</summary>
    public ImmutableArray<string> Tell() => [.. Steps.Select(step => StepKind.Of(step.Kind).Tell(step))];

    /// <summary>Prepared values as people know them: steps are taken back where that can be, the last first.</summary>
    /// <param name="values">A value for each of <see cref="Outputs"/>.</param>
    public ToldRow Undo(ReadOnlySpan<double> values)
    {
        var row = new ToldRow(Outputs, values);
        for (int step = Steps.Length - 1; step >= 0; step--)
            StepKind.Of(Steps[step].Kind).Undo(Steps[step], row);
        return row;
    }

    /// <summary>The preparation of rows that have these columns, whatever others they have, in whatever order, and whatever categories.</summary>
    /// <exception cref="TrainingException">A column that is needed is not there, or of another type.</exception>
    public BoundPreparation Bind(ImmutableArray<RowColumn> columns)
    {
        var places = ImmutableArray.CreateBuilder<int>(Inputs.Length);
        Dictionary<string, int> known = RowColumn.Places(columns);
        foreach (RowColumn input in Inputs)
        {
            if (!known.TryGetValue(input.Name, out int place))
                throw new TrainingException($"The rows have no column '{input.Name}', which the model's preparation needs.");
            if (columns[place].Type != input.Type)
            {
                throw new TrainingException(
                    $"Column '{input.Name}' is a {RowColumn.NameOf(columns[place].Type)} here, and was a {RowColumn.NameOf(input.Type)} in training: "
                        + $"say so with --types \"{input.Name}={RowColumn.NameOf(input.Type)}\" when it is read.");
            }

            places.Add(place);
        }

        return Follow(columns, places.MoveToImmutable());
    }

    /// <summary>The preparation of rows whose columns are taken for the inputs in their order.</summary>
    internal BoundPreparation Follow(ImmutableArray<RowColumn> columns, ImmutableArray<int> places)
    {
        ImmutableArray<RowColumn> current = [.. Inputs.Select((input, index) => columns[places[index]] with { Name = input.Name })];
        var steps = ImmutableArray.CreateBuilder<BoundStep>();
        foreach (StepRecord record in Steps)
        {
            BoundStep step = StepKind.Of(record.Kind).Bind(record, current);
            steps.Add(step);
            current = step.Outputs;
        }

        return new BoundPreparation(this, columns, places, steps.ToImmutable(), current);
    }

    /// <summary><c>OCPF</c>, version, inputs, steps; little-endian.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        Write(writer, Inputs);
        writer.Int32(Steps.Length);
        foreach (StepRecord step in Steps)
            step.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no preparation, or damaged.</exception>
    public static FittedPreparation Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        ImmutableArray<RowColumn> inputs = ReadColumns(reader);
        var steps = new StepRecord[reader.Length(20)];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = StepRecord.Read(reader);
        reader.End();
        return new FittedPreparation(inputs, [.. steps]);
    }

    internal static void Write(ByteWriter writer, ImmutableArray<RowColumn> columns)
    {
        writer.Int32(columns.Length);
        foreach (RowColumn column in columns)
        {
            writer.String(column.Name);
            writer.Byte((byte)column.Type);
            writer.Int32(column.Categories.Length);
            foreach (string text in column.Categories)
                writer.String(text);
        }
    }

    internal static ImmutableArray<RowColumn> ReadColumns(ByteReader reader)
    {
        var columns = new RowColumn[reader.Length(9)];
        for (int j = 0; j < columns.Length; j++)
        {
            (string name, var type) = (reader.String(), (ColumnType)reader.Byte());
            if (!Enum.IsDefined(type))
                throw new InvalidDataException($"There is no type {(byte)type} of a column.");
            var texts = new string[reader.Length(4)];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = reader.String();
            columns[j] = new RowColumn(name, type) { Categories = [.. texts] };
        }

        return [.. columns];
    }
}
