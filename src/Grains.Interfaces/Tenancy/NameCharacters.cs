using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Tenancy;

/// <summary>Characters that names may have: those that are seen, and seen as what they are.</summary>
internal static class NameCharacters
{
    /// <summary>Letters and marks that nothing is seen of: fillers, joiners of graphemes, and what chooses between forms of a character.</summary>
    private static bool IsUnseen(int code) =>
        code is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
            or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>Position of the first character that no name may have; −1: there is none.</summary>
    public static int FirstOther(string name)
    {
        for (int at = 0, length; at < name.Length; at += length)
        {
            if (Rune.DecodeFromUtf16(name.AsSpan(at), out Rune one, out length) != OperationStatus.Done || !IsAllowed(one, isFirst: at == 0))
                return at;
        }

        return -1;
    }

    /// <summary>A character for a message: by its code where it is not seen.</summary>
    public static string Show(string name, int at) =>
        Rune.DecodeFromUtf16(name.AsSpan(at), out Rune one, out _) != OperationStatus.Done ? "half of a character"
            : IsShown(one) ? $"'{one}'" : string.Create(CultureInfo.InvariantCulture, $"U+{one.Value:X4}");

    /// <summary>A name for a message: what is not seen is left out.</summary>
    public static string Shown(string name) => string.Concat(name.EnumerateRunes().Where(one => IsShown(one) && one != Rune.ReplacementChar));

    private static bool IsAllowed(Rune one, bool isFirst) => one.Value is '.' or '_' or '-' || (!IsUnseen(one.Value) && Rune.GetUnicodeCategory(one) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber => true,
        // A mark belongs to the letter before it.
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => !isFirst,
        _ => false,
    });

    private static bool IsShown(Rune one) => !IsUnseen(one.Value) && Rune.GetUnicodeCategory(one) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator) || one.Value == ' ';
}
