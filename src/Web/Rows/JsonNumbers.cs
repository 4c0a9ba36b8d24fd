using System.Text.Json;

namespace OrleansCluster.Web.Rows;

/// <summary>Numbers in JSON, most of which have few digits.</summary>
internal static class JsonNumbers
{
    /// <summary>Digits that a whole number may have to be exact as float64.</summary>
    private const int ExactDigits = 15;

    /// <summary>Powers of ten that are exact as float64.</summary>
    private static readonly double[] Tens =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>
    /// The float64 nearest to a number, as <see cref="Utf8JsonReader.GetDouble"/> has it: digits with a point are one exact number over another, whose quotient
    /// IEEE 754 rounds correctly (Clinger 1990).
    /// </summary>
    /// <param name="json">At the number.</param>
    /// <param name="value">The number; infinite, or nothing, where it is beyond the range.</param>
    /// <returns>False: it is beyond the range.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out double value)
    {
        if (json.HasValueSequence)
            return json.TryGetDouble(out value);
        ReadOnlySpan<byte> text = json.ValueSpan;
        (long whole, int digits, int point) = (0, 0, -1);
        for (int i = text[0] == '-' ? 1 : 0; i < text.Length; i++)
        {
            uint digit = text[i] - (uint)'0';
            if (digit <= 9)
            {
                whole = (whole * 10) + digit;
                if (++digits > ExactDigits)
                    return json.TryGetDouble(out value);
            }
            else if (text[i] == '.')
            {
                point = digits;
            }
            else
            {
                return json.TryGetDouble(out value);
            }
        }

        value = point < 0 ? whole : whole / Tens[digits - point];
        if (text[0] == '-')
            value = -value;
        return true;
    }
}
