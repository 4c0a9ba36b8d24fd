using System.Runtime.CompilerServices;

namespace OrleansCluster.Datasets;

/// <summary>Eight decimal digits in the bytes of a word, the first in the lowest byte: read at once, two, four and eight beside each other.</summary>
internal static class EightDigits
{
    /// <summary>Whether all eight bytes are the characters 0 to 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Are(ulong text) =>
        (((text + 0x46464646_46464646) | (text - 0x30303030_30303030)) & 0x80808080_80808080) == 0;

    /// <summary>The number that eight characters 0 to 9 write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Value(ulong text) => ValueOf(text - 0x30303030_30303030);

    /// <summary>The number of eight digits that are bytes from 0 to 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ValueOf(ulong digits)
    {
        const ulong Pairs = 0x000000FF_000000FF;
        ulong two = (digits * 10) + (digits >> 8);
        return (uint)((((two & Pairs) * 0x000F4240_00000064) + (((two >> 16) & Pairs) * 0x00002710_00000001)) >> 32);
    }
}
