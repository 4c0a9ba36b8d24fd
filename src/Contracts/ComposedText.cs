using System.Collections.Frozen;
using System.Text;

namespace OrleansCluster.Contracts;

/// <summary>
/// Text with each letter and its marks as one character where there is one, so that names are the same that look the same: é as U+00E9 and as e with U+0301,
/// which some systems and editors write. It is Unicode's form NFC of text whose marks are in canonical order, as all are that were ever decomposed; the
/// runtime has none without ICU.
/// </summary>
public static partial class ComposedText
{
    private const int FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7, FirstSyllable = 0xAC00, Leads = 19, Vowels = 21, Tails = 28;

    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = Compositions
        .SelectMany(some => some.Letters.Zip(some.Whole).Select(pair => KeyValuePair.Create((pair.First, some.Mark), pair.Second)))
        .ToFrozenDictionary();

    /// <summary>The composed form of a text.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
            return text;
        var composed = new StringBuilder(text.Length);
        foreach (char one in text)
        {
            if (composed.Length > 0 && Compose(composed[^1], one) is { } whole)
                composed[^1] = whole;
            else
                composed.Append(Canonical(one));
        }

        return composed.ToString();
    }

    /// <summary>Signs of units that are letters: Ångström, ohm and kelvin.</summary>
    private static char Canonical(char one) => one switch
    {
        '\u212B' => '\u00C5',
        '\u2126' => '\u03A9',
        '\u212A' => 'K',
        _ => one,
    };

    private static char? Compose(char letter, char mark)
    {
        if (Composed.TryGetValue((letter, mark), out char whole))
            return whole;
        int lead = letter - FirstLead, vowel = mark - FirstVowel;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return (char)(FirstSyllable + (((lead * Vowels) + vowel) * Tails));
        int syllable = letter - FirstSyllable, tail = mark - FirstTail;
        return syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails ? (char)(letter + tail) : null;
    }
}
