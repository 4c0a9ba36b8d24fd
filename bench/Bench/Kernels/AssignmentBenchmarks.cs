using BenchmarkDotNet.Attributes;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Bench.Kernels;

/// <summary>
/// Lloyd's iterations and assignments over rows that are in memory, on all cores. What an iteration allocates is its result: k × (d + 2) integers.
/// </summary>
public class AssignmentBenchmarks
{
    private const int Settling = 20;

    private static Settled? _made;
    private Settled _settled = null!;
    private bool _odd;

    [ParamsSource(nameof(Workloads))]
    public Workload Workload { get; set; } = null!;

    public static IEnumerable<Workload> Workloads => Workload.KMeans;

    [GlobalSetup]
    public void Setup()
    {
        if (_made?.Workload != Workload)
        {
            _made?.Threads.Dispose();
            _made = null;
            _made = new Settled(Workload);
        }

        _settled = _made;
    }

    /// <summary>One that goes on: sums change by the rows that moved. There and back between the centres of two iterations that follow each other.</summary>
    [Benchmark]
    public long Iteration()
    {
        _odd = !_odd;
        return _settled.Assign(_odd ? _settled.After : _settled.Before, _odd ? _settled.Before : _settled.After);
    }

    /// <summary>All sums anew.</summary>
    [Benchmark]
    public long FirstIteration() => _settled.Assign(_settled.Before, null);

    [Benchmark]
    public int Labels()
    {
        _settled.Nearest.Assign(_settled.Rows, _settled.Labels, [], _settled.Threads);
        return _settled.Labels[0];
    }

    [Benchmark]
    public double LabelsAndDistances()
    {
        _settled.Nearest.Assign(_settled.Rows, _settled.Labels, _settled.Squared, _settled.Threads);
        return _settled.Squared[0];
    }

    private sealed class Settled
    {
        private readonly ShardAssigner _assigner;

        public Settled(Workload workload)
        {
            Workload = workload;
            Threads = new BenchThreads(Environment.ProcessorCount);
            (float[] values, double[] start) = workload.Make(Threads);
            Rows = new RowBlock(values, workload.Columns);
            ColumnFrame frame = FrameOf(values, workload.Columns, workload.Rows);
            _assigner = new ShardAssigner(Rows, frame);
            (Labels, Squared) = (new int[workload.Rows], new double[workload.Rows]);
            double[]? previous = null;
            Before = After = start;
            for (int step = 0; step < Settling; step++)
            {
                AssignmentSums sums = _assigner.Assign(After, workload.K, previous, plain: true, Threads, CancellationToken.None);
                (previous, Before, After) = (After, After, Next(sums, frame, After));
            }

            Nearest = new NearestCentroid(Before, workload.K, workload.Columns);
        }

        public Workload Workload { get; }

        public BenchThreads Threads { get; }

        public RowBlock Rows { get; }

        public double[] Before { get; }

        public double[] After { get; }

        public NearestCentroid Nearest { get; }

        public int[] Labels { get; }

        public double[] Squared { get; }

        public long Assign(double[] centroids, double[]? previous)
            => _assigner.Assign(centroids, Workload.K, previous, plain: true, Threads, CancellationToken.None).Moved;

        private static double[] Next(AssignmentSums sums, ColumnFrame frame, double[] centroids)
        {
            var next = (double[])centroids.Clone();
            for (int c = 0; c < sums.K; c++)
            {
                for (int j = 0; j < sums.Columns && sums.Weights[c] > 0; j++)
                    next[(c * sums.Columns) + j] = frame.Mean(j, sums.Sums[(c * sums.Columns) + j], sums.Weights[c]);
            }

            return next;
        }

        private static ColumnFrame FrameOf(float[] values, int columns, int rows)
        {
            var minima = new double[columns];
            var maxima = new double[columns];
            for (int i = 0; i < values.Length; i++)
            {
                minima[i % columns] = Math.Min(minima[i % columns], values[i]);
                maxima[i % columns] = Math.Max(maxima[i % columns], values[i]);
            }

            return ColumnFrame.FromRanges(minima, maxima, 1, rows);
        }
    }
}
