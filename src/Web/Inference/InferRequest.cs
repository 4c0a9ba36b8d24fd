using System.Collections.Immutable;
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
    /// A tensor of texts besides holds the rows' ids, by which a route chooses.
    /// </summary>
    /// <exception cref="ProblemException">The tensors are no rows.</exception>
    public AskedRows Rows()
    {
        Tensor[] numbers = [.. Inputs.Where(input => input.Texts is null)], texts = [.. Inputs.Where(input => input.Texts is not null)];
        if (numbers.Length == 0)
            throw ProblemException.Content("The request has no tensor of numbers: send rows × columns, or a tensor for each column.");
        if (texts.Length > 1)
            throw ProblemException.Content($"The request has {texts.Length} tensors of texts: one may hold the rows' ids.");
        if (Inputs.GroupBy(input => input.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProblemException.Content($"The request has two tensors named '{twice.Key}': rename one.");
        string[]? ids = texts.Length == 0 ? null : texts[0].Texts;
        return numbers.Length == 1 ? Whole(numbers[0], ids) : OfColumns(numbers, ids);
    }

    private static AskedRows Whole(Tensor tensor, string[]? ids)
    {
        if (tensor.Shape.Length is not (1 or 2))
            throw ProblemException.Content($"The tensor '{tensor.Name}' has the shape {Tensor.Text(tensor.Shape)}: rows are of the shape [rows, columns].");
        return new AskedRows
        {
            Width = Length(tensor.Shape.Length == 1 ? 1 : tensor.Shape[1]),
            Rows = Length(tensor.Shape[0]),
            Precision = tensor.Precision,
            Values = tensor.Values,
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
        var one = new double[1];
        for (int j = 0; j < columns.Length; j++)
        {
            if (rows == 0)
                break;
            RowBlock column = Datasets.RowBytes.AsBlock(columns[j].Values, columns[j].Precision, 1);
            for (int i = 0; i < rows; i++)
            {
                column.CopyRow(i, one);
                values[(i * columns.Length) + j] = one[0];
            }
        }

        return new AskedRows
        {
            Columns = [.. columns.Select(column => column.Name)],
            Width = columns.Length,
            Rows = rows,
            Values = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            Ids = ids,
        };
    }

    /// <summary>As many values as came fit an array, so their lengths do, too, unless there are none.</summary>
    private static int Length(long length) =>
        length <= int.MaxValue ? (int)length : throw ProblemException.Content($"A dimension of {length} is longer than what can be sent.");
}
