using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference;

/// <summary>An output that is wanted.</summary>
/// <param name="Name">One of <see cref="OutputNames"/>.</param>
/// <param name="IsBinary">Whether it is wanted as bytes; null: as the request says for all.</param>
internal sealed record WantedOutput(string Name, bool? IsBinary = null);

/// <summary>A question in the Open Inference Protocol, however it came.</summary>
internal sealed record InferRequest
{
    /// <summary>Told back with the answer; null: it has none.</summary>
    public string? Id { get; init; }

    public required ImmutableArray<Tensor> Inputs { get; init; }

    /// <summary>None: all that the model has.</summary>
    public ImmutableArray<WantedOutput> Outputs { get; init; } = [];

    /// <summary>Whether outputs are wanted as bytes that do not say.</summary>
    public bool BinaryOutputs { get; init; }

    /// <summary>
    /// The rows: one tensor of rows × columns, in the order of the model's columns; or a tensor of rows (or rows × 1) for each column, by the column's name.
    /// A tensor of texts besides, which is no column of the model, holds the rows' ids, by which a route chooses.
    /// </summary>
    /// <exception cref="ProblemException">The tensors are no rows.</exception>
    public AskedRows Rows(AskedColumns inputs)
    {
        if (Inputs is [{ Texts: null, AreFlags: false } only] && !inputs.AreTyped)
            return Whole(only, null);
        if (Inputs.GroupBy(input => input.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProblemException.Content($"The request has two tensors named '{twice.Key}': rename one.");
        Tensor[] besides = [.. Inputs.Where(input => input.Texts is not null && !IsRows(input, inputs))];
        if (besides.Length > 1)
            throw ProblemException.Content($"The request has {besides.Length} tensors of texts: one may hold the rows' ids.");
        Tensor[] rows = [.. Inputs.Except(besides)];
        if (rows.Length == 0)
            throw ProblemException.Content(
                $"The request has no tensor of {(inputs.AreTyped ? "rows" : "numbers")}: send rows × columns, or a tensor for each column.");
        if (!inputs.AreTyped && rows.FirstOrDefault(tensor => tensor.AreFlags) is { } flags)
            throw ProblemException.Content($"The tensor '{flags.Name}' is of type {TensorType.Flags}, and the model takes numbers: send 1 and 0 as such.");
        string[]? ids = besides.Length == 0 ? null
            : besides[0].Texts!.Contains(null) ? throw ProblemException.Content($"An id in the tensor '{besides[0].Name}' is missing: send one for each row.")
            : besides[0].Texts as string[];
        return rows.Length == 1 && !(inputs.AreTyped && IsColumn(rows[0], inputs)) ? Whole(rows[0], ids) : OfColumns(rows, ids);
    }

    /// <summary>Whether a tensor of texts holds rows, or a column of them, and not ids.</summary>
    private bool IsRows(Tensor texts, AskedColumns inputs) => inputs.AreTyped
        && (IsColumn(texts, inputs) || Inputs.Length == 1 || texts.Shape is [_, > 1]);

    private static bool IsColumn(Tensor tensor, AskedColumns inputs) => inputs.Names.Contains(Contracts.ComposedText.Of(tensor.Name));

    private static AskedRows Whole(Tensor tensor, string[]? ids)
    {
        if (tensor.Shape.Length is not (1 or 2))
            throw ProblemException.Content($"The tensor '{tensor.Name}' has the shape {Tensor.Text(tensor.Shape)}: rows are of the shape [rows, columns].");
        var values = new double[tensor.Texts?.Length ?? 0];
        return new AskedRows
        {
            Width = Length(tensor.Shape.Length == 1 ? 1 : tensor.Shape[1]),
            Rows = Length(tensor.Shape[0]),
            Precision = tensor.Texts is null ? tensor.Precision : Precision.Float64,
            Values = tensor.Texts is null ? tensor.Values : MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            Others = Others(tensor, tensor.AreFlags ? Doubles(tensor) : values),
            AreTexts = true,
            Ids = ids,
        };
    }

    private static AskedRows OfColumns(Tensor[] columns, string[]? ids)
    {
        foreach (Tensor column in columns)
        {
            if (column.Shape is not ([_] or [_, 1]))
                throw ProblemException.Content(
                    $"The tensor '{column.Name}' has the shape {Tensor.Text(column.Shape)}: of several tensors each is a column, of the shape [rows] or "
                        + "[rows, 1].");
            if (column.Shape[0] != columns[0].Shape[0])
                throw ProblemException.Content(
                    $"The tensor '{column.Name}' has {column.Shape[0]} rows, and '{columns[0].Name}' has {columns[0].Shape[0]}: columns are of one length.");
        }

        int rows = Length(columns[0].Shape[0]);
        var values = new double[rows * columns.Length];
        Dictionary<int, object?> others = [];
        for (int j = 0; j < columns.Length; j++)
        {
            double[] column = Doubles(columns[j]);
            Dictionary<int, object?>? instead = Others(columns[j], column);
            for (int i = 0; i < rows; i++)
            {
                values[(i * columns.Length) + j] = column[i];
                if (instead?.TryGetValue(i, out object? other) == true)
                    others.Add((i * columns.Length) + j, other);
            }
        }

        return new AskedRows
        {
            Columns = [.. columns.Select(column => column.Name)],
            Width = columns.Length,
            Rows = rows,
            Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            Others = others.Count == 0 ? null : others,
            Ids = ids,
        };
    }

    /// <summary>The values of a tensor; NaN for texts.</summary>
    private static double[] Doubles(Tensor tensor)
    {
        var values = new double[tensor.Texts?.Length ?? (tensor.Values.Length / (int)tensor.Precision)];
        if (tensor.Texts is not null)
            Array.Fill(values, double.NaN);
        else if (tensor.Precision == Precision.Float64)
            MemoryMarshal.Cast<byte, double>(tensor.Values.Span).CopyTo(values);
        else
            Widen(MemoryMarshal.Cast<byte, float>(tensor.Values.Span), values);
        return values;

        static void Widen(ReadOnlySpan<float> numbers, Span<double> target)
        {
            for (int i = 0; i < numbers.Length; i++)
                target[i] = numbers[i];
        }
    }

    /// <summary>What there is in the place of numbers, by its place; null: all are numbers.</summary>
    private static Dictionary<int, object?>? Others(Tensor tensor, double[] values) => tensor.Texts is { } texts
        ? texts.Select((text, at) => KeyValuePair.Create(at, (object?)text)).ToDictionary()
        : tensor.AreFlags
            ? values.Select((value, at) => KeyValuePair.Create(at, double.IsNaN(value) ? null : (object?)(value > 0))).ToDictionary()
            : null;

    /// <summary>As many values as came fit an array, so their lengths do, too, unless there are none.</summary>
    private static int Length(long length) =>
        length <= int.MaxValue ? (int)length : throw ProblemException.Content($"A dimension of {length} is longer than what can be sent.");
}
