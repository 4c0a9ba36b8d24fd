using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Bench;

/// <summary>How long exact matchings take: dense ones, and the limited ones that align versions, with the margin of every pair.</summary>
internal static class MatchingBench
{
    private static readonly (string Name, Func<int, Func<int, int, double>> Costs)[] Matrices =
    [
        ("random", _ => { var random = new Random(1); return (_, _) => random.NextDouble(); }),
        ("whole", _ => { var random = new Random(1); return (_, _) => random.Next(1000); }),
        ("moved", n => Distances(n, moved: true)),
        ("unrelated", n => Distances(n, moved: false)),
        ("product", _ => (i, j) => (i + 1.0) * (j + 1)),
        ("logarithm", _ => (i, j) => Math.Log(i + j + 2)),
    ];

    public static void Run(ReadOnlySpan<string> arguments)
    {
        int n = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        string[] only = [.. arguments[Math.Min(1, arguments.Length)..]];
        // Once small, so that compiling is not measured.
        foreach ((string name, Func<int, Func<int, int, double>> costs) in Matrices)
            Measure(name, costs, Math.Min(n, 300), tell: false);
        foreach ((string name, Func<int, Func<int, int, double>> costs) in Matrices)
        {
            if (only.Length == 0 || only.Contains(name))
                Measure(name, costs, n, tell: true);
        }
    }

    private static void Measure(string name, Func<int, Func<int, int, double>> of, int n, bool tell)
    {
        Func<int, int, double> cost = of(n);
        double[] costs = new double[(long)n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                costs[((long)i * n) + j] = cost(i, j);
        }

        double[] times = new double[tell && n <= 2000 ? 5 : 1];
        Matching? matching = null;
        for (int round = 0; round < times.Length; round++)
        {
            long began = Stopwatch.GetTimestamp();
            matching = MinimumCostMatching.Solve(costs, n, n);
            times[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        if (tell)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"dense    {n,6:N0} × {n,6:N0}  {name,-10}  {times.Order().ElementAt(times.Length / 2),9:N1} ms  cost {matching!.Cost:R}"));
        if (name is not ("moved" or "unrelated"))
            return;
        long start = Stopwatch.GetTimestamp();
        LimitedMatching limited = LimitedMatching.Solve(new Table(costs, n), limit: name == "moved" ? 0.02 : 0.1);
        double solved = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        for (int row = 0; row < n; row++)
        {
            if (limited.Matching.ColumnOfRow[row] >= 0)
                limited.Margin(row);
        }

        if (tell)
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"limited  {n,6:N0} × {n,6:N0}  {name,-10}  {solved,9:N1} ms  and {Stopwatch.GetElapsedTime(start).TotalMilliseconds - solved:N1} ms for "
                        + $"margins, {limited.Matching.Pairs:N0} pairs"));
    }

    /// <summary>Distances in the unit square between points and others: the same ones, moved a little and in another order, or not.</summary>
    private static Func<int, int, double> Distances(int n, bool moved)
    {
        var random = new Random(1);
        (double X, double Y)[] to = [.. Enumerable.Range(0, n).Select(_ => (random.NextDouble(), random.NextDouble()))];
        (double X, double Y)[] from = [.. to.Select(point => moved ? (point.X + (0.01 * random.NextDouble()), point.Y + (0.01 * random.NextDouble()))
            : (random.NextDouble(), random.NextDouble()))];
        random.Shuffle(from);
        return (i, j) => Math.Sqrt(((from[i].X - to[j].X) * (from[i].X - to[j].X)) + ((from[i].Y - to[j].Y) * (from[i].Y - to[j].Y)));
    }

    private sealed class Table(double[] costs, int n) : IPairCosts
    {
        public int Rows => n;

        public int Columns => n;

        public void Row(int row, double limit, Span<double> values)
        {
            for (int j = 0; j < n; j++)
            {
                double value = costs[((long)row * n) + j];
                values[j] = value < limit ? value : double.PositiveInfinity;
            }
        }
    }
}
