using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Json;

/// <summary>Fitted preparations in packages.</summary>
internal static class PreparationEncoding
{
    /// <param name="fitted">The preparation.</param>
    /// <param name="asked">As it was asked for.</param>
    public static PreparationDocument Write(FittedPreparation fitted, string asked) => new()
    {
        Version = PreparationDocument.Newest,
        Asked = asked,
        Inputs = [.. fitted.Inputs.Select(input => new InputDocument
        {
            Name = input.Name,
            Type = RowColumn.NameOf(input.Type),
            Categories = input.Type == ColumnType.Category ? [.. input.Categories] : null,
        })],
        Steps = [.. fitted.Steps.Select(step => new PreparedStepDocument
        {
            Step = step.Kind,
            Rows = step.Rows,
            Texts = [.. step.Texts.Select(list => new NamedTextsDocument { Name = list.Key, Values = [.. list.Value] })],
            Numbers = [.. step.Numbers.Select(list => new NamedNumbersDocument { Name = list.Key, Values = [.. list.Value] })],
        })],
    };

    /// <summary>The preparation of a package; null: the model sees rows as they are.</summary>
    /// <exception cref="ClusteringException">It is damaged, or one that only a newer program can use.</exception>
    public static FittedPreparation? Read(PreparationDocument document)
    {
        if (document.Version > PreparationDocument.Newest)
            throw Unknown(document, "");
        if (document.Inputs is null)
            return document.Steps.Length == 0 ? null : throw Unknown(document, "");
        try
        {
            return new FittedPreparation(
                [.. document.Inputs.Select(
                    input => new RowColumn(input.Name, RowColumn.TypeOf(input.Type) ?? throw Unknown(document, $" (a column of type '{input.Type}')"))
                {
                    Categories = [.. input.Categories ?? []],
                })],
                [.. document.Steps.Select(step => new StepRecord(
                    step.Step,
                    step.Rows,
                    step.Texts.ToImmutableSortedDictionary(list => list.Name, list => list.Values.ToImmutableArray(), StringComparer.Ordinal),
                    step.Numbers.ToImmutableSortedDictionary(list => list.Name, list => list.Values.ToImmutableArray(), StringComparer.Ordinal)))]);
        }
        catch (Exception e) when (e is Numerics.TrainingException or InvalidDataException or ArgumentException)
        {
            throw Unknown(document, $" ({e.Message})");
        }
    }

    private static ClusteringException Unknown(PreparationDocument document, string why) => new(
        $"The package's rows are prepared in a way that this program does not know: version {document.Version}, "
            + $"{string.Join(", ", document.Steps.Select(step => step.Step))}{why}. Use a newer one.");
}
