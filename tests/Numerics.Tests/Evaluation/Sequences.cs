namespace OrleansCluster.Numerics.Tests.Evaluation;

/// <summary>Numbers that a line of Python makes too, so that its figures can be compared.</summary>
/// <remarks>
/// <code>
/// def lcg(n, k, s):
///     out = []
///     for _ in range(n):
///         s = (s * 1103515245 + 12345) % 2147483648
///         out.append((s >> 16) % k)
///     return numpy.array(out)
/// </code>
/// </remarks>
internal static class Sequences
{
    public static int[] Lcg(int n, int k, long s)
    {
        int[] values = new int[n];
        for (int i = 0; i < n; i++)
        {
            s = ((s * 1103515245) + 12345) % 2147483648;
            values[i] = (int)((s >> 16) % k);
        }

        return values;
    }

    /// <summary><c>numpy.where(lcg(n, 10, chooser) &lt; below, first, lcg(n, k, other))</c>.</summary>
    public static int[] Mix(int[] first, int below, long chooser, int k, long other)
    {
        int[] choice = Lcg(first.Length, 10, chooser);
        int[] others = Lcg(first.Length, k, other);
        return [.. first.Select((value, i) => choice[i] < below ? value : others[i])];
    }
}
