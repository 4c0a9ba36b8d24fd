using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>
/// How often the default rules cry wolf of clusters' means, losses and silhouettes in weeks that are like the training rows, normal and skewed ones, under
/// three clusters of four columns and a reference of 20,000 rows; and how soon they notice that one cluster moved.
/// </summary>
public sealed class FitAlarmTests
{
    private const int Columns = 4, Tests = 24;

    private static readonly DriftRules Rules = new();
    private static readonly CentredRows Model = new([-1, 0, 0, 0, 1, 1, 0, 0, 1, -1, 1, 1], Columns);
    private static readonly Lazy<FitReference> Plain = new(() => Model.Reference(Model.Profile(Week(0, 20_000, isSkewed: false))));
    private static readonly Lazy<FitReference> Skewed = new(() => Model.Reference(Model.Profile(Week(0, 20_000, isSkewed: true))));

    [Theory]
    [InlineData(100, false)]
    [InlineData(1000, false)]
    [InlineData(300, true)]
    [InlineData(1000, true)]
    public void Two_hundred_stationary_weeks_raise_no_alarm(int rows, bool isSkewed) =>
        Enumerable.Range(0, 200).Count(week => Alarms(Week(week + 1, rows, isSkewed), isSkewed ? Skewed.Value : Plain.Value)).ShouldBe(0);

    [Theory]
    [InlineData(600, 1)]
    [InlineData(4000, 0.5)]
    public void A_cluster_that_moved_is_noticed_in_the_first_week(int rows, double shift)
    {
        for (int run = 0; run < 20; run++)
        {
            double[] week = Week(1000 + run, rows, isSkewed: false);
            var clusters = new int[rows];
            Model.Tell(new(week, Columns), clusters, [new double[rows]], Sequential.Instance);
            for (int i = 0; i < rows; i++)
                week[(i * Columns) + 2] -= clusters[i] == 0 ? shift : 0;
            Alarms(week, Plain.Value).ShouldBeTrue($"run {run}");
        }
    }

    private static bool Alarms(double[] week, FitReference reference)
    {
        ObservedRows now = Model.Observe(week, reference);
        return MeanShift.OfFits(RowProfile.Losses, reference.Loss, null, now.Fits).IsDrifted(Rules.Fit, Rules, Tests)
            || MeanShift.OfFits(RowProfile.Silhouettes, reference.Silhouette, null, now.Fits).IsDrifted(Rules.Fit, Rules, Tests)
            || Enumerable.Range(0, reference.K).Any(cluster => ClusterShift.Of(cluster, reference, null, now.Centred, Rules, Tests).IsDrifted);
    }

    private static double[] Week(int week, int rows, bool isSkewed)
    {
        var values = new double[rows * Columns];
        for (int i = 0; i < values.Length; i++)
        {
            double normal = AlarmTests.Normal((ulong)(i % Columns) + 1, week, i / Columns);
            values[i] = isSkewed ? Math.Exp(normal) - 1.5 : normal;
        }

        return values;
    }
}
