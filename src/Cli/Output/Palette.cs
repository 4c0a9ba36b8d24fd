using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>One colour a cluster, from a quiet set of 256-colour values that read on dark and on light ground.</summary>
internal static class Palette
{
    private static readonly byte[] Codes = [75, 208, 71, 204, 141, 37, 178, 175, 107, 69, 173, 109];

    /// <summary>The colour of a label; colours repeat after twelve.</summary>
    public static Color Of(int label) => Color.FromInt32(Codes[label % Codes.Length]);

    /// <summary>Captions, frames and units.</summary>
    public static Style Quiet { get; } = new(Color.Grey);

    /// <summary>Warnings.</summary>
    public static Style Warning { get; } = new(Color.FromInt32(178));
}
