using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Evaluation;

namespace OrleansCluster.Cli.Input;

/// <summary>Known labels of rows: whole numbers, or words.</summary>
/// <param name="source">Where they come from, for messages.</param>
/// <param name="header">What was taken for the name of their column and may be the first label; null: there is none.</param>
internal sealed class KnownLabels(string source, string? header = null)
{
    private readonly List<int> _codes = [];
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);
    private readonly List<(string Text, string Place)> _labels = [];
    private bool _fromFile;
    private long _last = -1;
    private int _rows;

    /// <summary>Whether the ids of a file of labels are the rows' numbers, which have to rise: labels are taken in the order of the rows.</summary>
    public bool AreNumbered { get; init; }

    /// <summary>Adds labels of a file of them.</summary>
    /// <exception cref="CommandException">The file's rows are in another order.</exception>
    public void Add(RowBatch batch)
    {
        _fromFile = true;
        Keep(batch);
        if (!AreNumbered)
        {
            _ids.AddRange(batch.Ids);
            return;
        }

        for (int i = 0; i < batch.Ids.Length; i++)
        {
            if (!long.TryParse(batch.Ids[i], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                continue;
            if (number <= _last)
            {
                throw CommandException.Usage(
                    $"{source}, {batch.Place(i)}: the label of row {number} comes after that of row {_last}. Sort the file by its column 'row', "
                        + "or remove that column if the labels are in the order of the rows.");
            }

            _last = number;
        }
    }

    /// <summary>Goes on by the rows of a batch: takes their labels where they come with the rows, and compares the ids where they do not.</summary>
    /// <exception cref="CommandException">A row's id is not the one beside its label.</exception>
    public void Take(RowBatch batch, string rows)
    {
        if (!_fromFile)
        {
            Keep(batch);
            return;
        }

        for (int i = 0; i < batch.Ids.Length && _rows + i < _ids.Count; i++)
        {
            if (batch.Ids[i] != _ids[_rows + i])
            {
                throw CommandException.Usage(
                    $"{rows}, {batch.Place(i)}: the row's id is '{batch.Ids[i]}', and the label in {source} is that of '{_ids[_rows + i]}'. Bring both into "
                        + "the same order.");
            }
        }

        _rows += batch.Rows;
    }

    /// <summary>The table of known labels and those found.</summary>
    /// <param name="found">The model's label of each row.</param>
    /// <param name="rows">What messages call the rows.</param>
    /// <exception cref="CommandException">There are more labels than rows, or fewer, or some are none.</exception>
    public LabelTable Compare(List<int> found, string rows)
    {
        // The first line was a label and no header where it is one of the others too, or where there is one line for each row.
        if (header is not null && (_byText.ContainsKey(header) || found.Count == _codes.Count + 1))
            _codes.Insert(0, CodeOf(header, "line 1"));
        if (found.Count != _codes.Count)
            throw CommandException.Usage($"{source} has {Numbers.Of(_codes.Count, "label")}, and {rows} has {Numbers.Of(found.Count, "row")}: give one label "
                + "for each row.");
        (int[] values, string[]? words) = Values();
        var statistic = new ContingencyStatistic();
        statistic.Accumulate(_codes.Select(code => values[code]).ToArray(), found.ToArray(), default);
        return new LabelTable(statistic.Finish(), words);
    }

    private void Keep(RowBatch batch)
    {
        for (int i = 0; i < batch.Rows; i++)
            _codes.Add(CodeOf(batch.Labels[i], batch.Place(i)));
    }

    private int CodeOf(string text, string place)
    {
        if (_byText.TryGetValue(text, out int code))
            return code;
        _byText.Add(text, _labels.Count);
        _labels.Add((text, place));
        return _labels.Count - 1;
    }

    /// <summary>What each label is in the table: its number, or its place among the words in alphabetical order.</summary>
    private (int[] Values, string[]? Words) Values()
    {
        double[] numbers = [.. _labels.Select(label => double.TryParse(label.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number : double.NaN)];
        if (Array.TrueForAll(numbers, number => !double.IsNaN(number)))
        {
            int wrong = Array.FindIndex(numbers, number => number != Math.Truncate(number));
            if (wrong >= 0)
                throw CommandException.Usage($"{source}, {_labels[wrong].Place}: {_labels[wrong].Text} is no label. Labels are whole numbers or words.");
            if (Array.TrueForAll(numbers, number => Math.Abs(number) <= int.MaxValue))
                return ([.. numbers.Select(number => (int)number)], null);
            // Greater numbers, such as codes of customers, are words: no number type need hold them.
        }

        string[] words = [.. _labels.Select(label => label.Text).Order(StringComparer.Ordinal)];
        return ([.. _labels.Select(label => Array.BinarySearch(words, label.Text, StringComparer.Ordinal))], words);
    }
}
