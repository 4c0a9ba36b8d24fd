using System.Text;
using OrleansCluster.Contracts;

namespace OrleansCluster.Datasets;

/// <summary>The texts of a column of categories, numbered as they come. Texts that look the same are the same (<see cref="ComposedText"/>).</summary>
internal sealed class CategoryTexts
{
    /// <summary>Most different texts of a column.</summary>
    public const int Most = 65_536;

    /// <summary>Most characters of a text.</summary>
    public const int Longest = 512;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The texts, each at the place that stands for it.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The place of a text that is known; −1: it is not, or is no plain UTF-8.</summary>
    public int Find(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > Longest)
            return -1;
        Span<char> text = stackalloc char[Longest];
        ReadOnlySpan<char> written = text[..Encoding.UTF8.GetChars(cell, text)];
        return !written.Contains('\uFFFD') && _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(written, out int place) ? place : -1;
    }

    /// <summary>Adds a text as it is written.</summary>
    /// <returns>Its place; −1: there are as many as there may be.</returns>
    public int Add(string text)
    {
        string composed = ComposedText.Of(text);
        if (!_places.TryGetValue(composed, out int place))
        {
            if (_texts.Count == Most)
                return -1;
            place = _texts.Count;
            _texts.Add(composed);
            _places.Add(composed, place);
        }

        _places.TryAdd(text, place);
        return place;
    }
}
