using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>A fitted step as it is kept: what it is called, and what it found, by name. Every number and text of the step is here.</summary>
/// <param name="Kind">Name of the step, as in a specification: <c>scale</c>.</param>
/// <param name="Rows">Rows of positive weight that it was fitted on; 0: it needs none.</param>
/// <param name="Texts">Lists of texts.</param>
/// <param name="Numbers">Lists of numbers.</param>
public sealed record StepRecord(
    string Kind, long Rows, ImmutableSortedDictionary<string, ImmutableArray<string>> Texts, ImmutableSortedDictionary<string, ImmutableArray<double>> Numbers)
{
    /// <summary>The names of columns that most steps keep.</summary>
    internal const string Columns = "columns";

    internal StepRecord(string kind, long rows = 0)
        : this(
            kind,
            rows,
            ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, ImmutableArray<double>>(StringComparer.Ordinal))
    {
    }

    internal StepRecord With(string name, params IEnumerable<string> texts) => this with { Texts = Texts.Add(name, [.. texts]) };

    internal StepRecord With(string name, params IEnumerable<double> numbers) => this with { Numbers = Numbers.Add(name, [.. numbers]) };

    /// <exception cref="InvalidDataException">There is no such list, or of another length.</exception>
    internal ImmutableArray<double> NumbersOf(string name, int? length = null) =>
        Numbers.TryGetValue(name, out ImmutableArray<double> found) && (length ?? found.Length) == found.Length ? found : throw Lacks(name);

    /// <exception cref="InvalidDataException">There is no such list.</exception>
    internal ImmutableArray<string> TextsOf(string name) => Texts.TryGetValue(name, out ImmutableArray<string> found) ? found : throw Lacks(name);

    internal void Write(ByteWriter writer)
    {
        writer.String(Kind);
        writer.Int64(Rows);
        writer.Int32(Texts.Count);
        foreach ((string name, ImmutableArray<string> texts) in Texts)
        {
            writer.String(name);
            writer.Int32(texts.Length);
            foreach (string text in texts)
                writer.String(text);
        }

        writer.Int32(Numbers.Count);
        foreach ((string name, ImmutableArray<double> numbers) in Numbers)
        {
            writer.String(name);
            writer.Doubles(numbers.AsSpan());
        }
    }

    internal static StepRecord Read(ByteReader reader)
    {
        var record = new StepRecord(reader.String(), reader.Int64());
        for (int left = reader.Length(8); left > 0; left--)
        {
            string name = reader.String();
            var texts = new string[reader.Length(4)];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = reader.String();
            record = record.With(name, texts);
        }

        for (int left = reader.Length(8); left > 0; left--)
            record = record.With(reader.String(), reader.Doubles());
        return record;
    }

    private InvalidDataException Lacks(string name) => new($"The step '{Kind}' of a preparation is damaged: its {name} are missing or too few.");
}
