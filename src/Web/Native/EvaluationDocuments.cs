using System.Globalization;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Native;

/// <summary>Known labels beside those of a version.</summary>
internal static class EvaluationDocuments
{
    /// <param name="known">A whole number or a word a row.</param>
    /// <param name="found">The version's label of each row.</param>
    public static EvaluationDocument Of(string model, int version, string[] known, int[] found)
    {
        bool numbers = Array.TrueForAll(known, label => int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        string[] words = [.. known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] codes = [.. known.Select(label => numbers ? int.Parse(label, CultureInfo.InvariantCulture)
            : Array.BinarySearch(words, label, StringComparer.Ordinal))];
        var statistic = new ContingencyStatistic();
        statistic.Accumulate(codes, found);
        ContingencyTable table = statistic.Finish();
        return new EvaluationDocument
        {
            Model = model,
            Version = version,
            Rows = (long)table.Total,
            AdjustedRand = Answers.Finite(ExternalIndices.AdjustedRand(table)),
            AdjustedMutualInformation = Answers.Finite(InformationIndices.AdjustedMutualInformation(table)),
            NormalizedMutualInformation = Answers.Finite(InformationIndices.NormalizedMutualInformation(table)),
            Purity = Answers.Finite(ExternalIndices.Purity(table)),
            FowlkesMallows = Answers.Finite(ExternalIndices.FowlkesMallows(table)),
            Confusion = new ConfusionDocument
            {
                Known = [.. Enumerable.Range(0, table.Rows)
                    .Select(row => numbers ? table.RowLabels[row].ToString(CultureInfo.InvariantCulture) : words[table.RowLabels[row]])],
                Found = [.. table.ColumnLabels],
                Rows = [.. Enumerable.Range(0, table.Rows)
                    .Select(row => Enumerable.Range(0, table.Columns).Select(column => (long)table[row, column]).ToArray())],
            },
        };
    }
}
