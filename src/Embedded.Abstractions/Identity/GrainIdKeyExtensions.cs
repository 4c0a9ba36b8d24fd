using System.Globalization;

namespace Orleans.Runtime;

/// <summary>The text forms of integer, GUID and compound keys: hexadecimal digits, then <c>+</c> and the extension if there is one.</summary>
public static class GrainIdKeyExtensions
{
    private const int GuidDigits = 32;

    /// <summary>The text form of an integer key.</summary>
    /// <param name="key">The key.</param>
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    /// <summary>The text form of an integer key with an extension.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keyExtension">The extension; blank means none.</param>
    public static IdSpan CreateIntegerKey(long key, string? keyExtension) => Extend(CreateIntegerKey(key), keyExtension);

    /// <summary>The text form of a GUID key.</summary>
    /// <param name="key">The key.</param>
    public static IdSpan CreateGuidKey(Guid key) => IdSpan.Create(key.ToString("N"));

    /// <summary>The text form of a GUID key with an extension.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keyExtension">The extension; blank means none.</param>
    public static IdSpan CreateGuidKey(Guid key, string? keyExtension) => Extend(CreateGuidKey(key), keyExtension);

    /// <summary>Reads an integer key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="key">The key.</param>
    /// <param name="keyExt">The extension, or null.</param>
    /// <returns>Whether the key is an integer.</returns>
    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        var text = grainId.Key.ToString();
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        keyExt = plus < 0 ? null : text[(plus + 1)..];
        return long.TryParse(plus < 0 ? text : text.AsSpan(0, plus), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    /// <summary>Reads a GUID key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="key">The key.</param>
    /// <param name="keyExt">The extension, or null.</param>
    /// <returns>Whether the key is a GUID.</returns>
    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt)
    {
        var text = grainId.Key.ToString();
        var extended = text.Length > GuidDigits && text[GuidDigits] == '+';
        keyExt = extended ? text[(GuidDigits + 1)..] : null;
        return Guid.TryParseExact(extended ? text.AsSpan(0, GuidDigits) : text, "N", out key);
    }

    private static IdSpan Extend(IdSpan key, string? keyExtension) =>
        string.IsNullOrWhiteSpace(keyExtension) ? key : IdSpan.Create($"{key}+{keyExtension}");
}
