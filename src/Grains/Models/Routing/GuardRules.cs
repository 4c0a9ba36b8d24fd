using System.Collections.Immutable;
using System.Globalization;

namespace OrleansCluster.Models.Routing;

/// <summary>Decides whether a canary may take its next step. A function of guards and counts.</summary>
internal static class GuardRules
{
    /// <summary>Points of a share by which a candidate may flag more rows than the champion, where no budget is said.</summary>
    private const double UsuallyMoreFlagged = 0.05;

    /// <summary>Below this a pause of the process tells more of the time than the model does.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Refuses guards that could not be kept.</summary>
    /// <exception cref="ClusteringException">What is wrong with them.</exception>
    public static CanaryGuards Check(CanaryGuards guards)
    {
        if (guards.LeastAgreement is not (>= 0 and <= 1))
            throw new ClusteringException($"The least agreement of the canary is {Share(guards.LeastAgreement)}: give 0% to 100%.");
        if (guards.MostErrors is not (>= 0 and <= 1))
            throw new ClusteringException($"The most errors of the canary are {Share(guards.MostErrors)}: give 0% to 100%.");
        if (!(guards.MostWorse >= 0) || double.IsInfinity(guards.MostWorse))
            throw new ClusteringException($"The canary may score worse by {Text(guards.MostWorse)}: give 0 or more.");
        if (guards.MostFlagged is not (null or (>= 0 and <= 1)))
            throw new ClusteringException($"The canary may flag {Share(guards.MostFlagged.Value)} of its rows: give 0% to 100%.");
        if (!(guards.MostSlower >= 0) || double.IsInfinity(guards.MostSlower))
            throw new ClusteringException($"The canary may take longer by {Share(guards.MostSlower)}: give 0% or more.");
        return guards.LeastRows >= 1
            ? guards
            : throw new ClusteringException($"The canary must be compared on at least {guards.LeastRows} rows: give 1 or more.");
    }

    /// <summary>What comes of each guard.</summary>
    /// <param name="guards">The guards.</param>
    /// <param name="tally">What was counted since the step began.</param>
    /// <param name="unit">What losses are: one of <see cref="LossUnits"/>, or empty.</param>
    public static ImmutableArray<GuardOutcome> Judge(CanaryGuards guards, CanaryTally tally, string unit)
    {
        var outcomes = ImmutableArray.CreateBuilder<GuardOutcome>();
        outcomes.Add(new GuardOutcome
        {
            Guard = "rows",
            Passed = tally.Rows >= guards.LeastRows,
            Value = tally.Rows,
            Limit = guards.LeastRows,
            Why = $"{Count(tally.Rows)} compared, {Count(guards.LeastRows)} wanted",
        });
        if (tally.Rows > 0)
        {
            double agreement = (double)tally.Same / tally.Rows;
            outcomes.Add(new GuardOutcome
            {
                Guard = "agreement",
                Passed = agreement >= guards.LeastAgreement,
                Value = agreement,
                Limit = guards.LeastAgreement,
                Why = $"{Share(agreement)} are in the champion's cluster, "
                    + $"{(agreement >= guards.LeastAgreement ? "at least" : "less than")} {Share(guards.LeastAgreement)}",
            });
            outcomes.Add(Score(guards, tally, unit));
            if (unit == LossUnits.Nats && tally.Scored > 0)
                outcomes.Add(Anomalies(guards, tally));
            if (tally.ChampionTime >= LeastTime)
                outcomes.Add(Time(guards, tally));
        }

        double errors = tally.Errors == 0 ? 0 : (double)tally.Errors / (tally.Rows + tally.Errors);
        outcomes.Add(new GuardOutcome
        {
            Guard = "errors",
            Passed = errors <= guards.MostErrors,
            Value = errors,
            Limit = guards.MostErrors,
            Why = $"{Share(errors)} could not be answered, {(errors <= guards.MostErrors ? "at most" : "more than")} {Share(guards.MostErrors)}",
        });
        return outcomes.ToImmutable();
    }

    /// <summary>Whether those who look at anomalies will be asked for more than they were promised.</summary>
    private static GuardOutcome Anomalies(CanaryGuards guards, CanaryTally tally)
    {
        (double flagged, double before) = ((double)tally.Flagged / tally.Scored, (double)tally.ChampionFlagged / tally.Scored);
        double limit = guards.MostFlagged ?? before + UsuallyMoreFlagged;
        bool passed = flagged <= limit;
        return new GuardOutcome
        {
            Guard = "anomalies",
            Passed = passed,
            Value = flagged,
            Limit = limit,
            Why = $"{Share(flagged)} are flagged, {Share(before)} by the champion, {(passed ? "at most" : "more than")} {Share(limit)}",
        };
    }

    private static GuardOutcome Time(CanaryGuards guards, CanaryTally tally)
    {
        double slower = (tally.Time / tally.ChampionTime) - 1;
        bool passed = slower <= guards.MostSlower;
        string than = slower <= 0 ? $"{Share(-slower)} less time than the champion"
            : $"{Share(slower)} more time than the champion, {(passed ? "at most" : "more than")} {Share(guards.MostSlower)}";
        return new GuardOutcome { Guard = "time", Passed = passed, Value = slower, Limit = guards.MostSlower, Why = than };
    }

    private static GuardOutcome Score(CanaryGuards guards, CanaryTally tally, string unit)
    {
        if (tally.Scored <= 0)
        {
            const string why = "cannot be compared: one of the two has densities, the other distances alone";
            return new GuardOutcome { Guard = "score", Passed = true, Value = null, Limit = guards.MostWorse, Why = why };
        }

        bool nats = unit == LossUnits.Nats;
        double more = tally.Loss - tally.ChampionLoss;
        // Against rows that all lie on the champion's centres nothing has a share: the same is as good, and anything else is boundlessly worse.
        double worse = more == 0 ? 0 : nats ? more / tally.Scored : more / tally.ChampionLoss;
        bool passed = worse <= guards.MostWorse;
        return new GuardOutcome { Guard = "score", Passed = passed, Value = worse, Limit = guards.MostWorse, Why = Tell(worse, guards.MostWorse, nats) };
    }

    private static string Tell(double worse, double limit, bool nats)
    {
        if (worse == 0)
            return "as under the champion";
        string more = worse > 0 == nats ? "less" : "more";
        string by = nats ? $"{Text(Math.Abs(worse))} nats {more} log-density" : $"{Share(Math.Abs(worse))} {more} mean squared distance";
        string than = $"{by} than under the champion";
        return worse < 0 ? than : $"{than}, {(worse <= limit ? "at most" : "more than")} {(nats ? $"{Text(limit)} nats" : Share(limit))}";
    }

    private static string Count(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")}");

    private static string Share(double share) => (Math.Round(share * 100, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
