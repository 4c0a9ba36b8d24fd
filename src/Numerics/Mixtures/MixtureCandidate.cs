using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>The outcome of a restart.</summary>
internal sealed record MixtureCandidate(int Restart, string Stop, MixtureParameters Parameters, int[] FloorHits, MixtureSummary Summary)
{
    public double Objective => Summary.LogLikelihood / Summary.TotalWeight;

    public MixtureResult ToResult(MixtureSpec spec, IReadOnlyList<RestartEnded> restarts, IReadOnlyList<string> warnings)
    {
        MixtureParameters p = Parameters;
        return new MixtureResult
        {
            Model = new MixtureModel(p, Summary.Sketch.Quantile(spec.Contamination), spec.Contamination),
            Objective = Objective,
            Criteria = MixtureCriteria.Of(p.Form, p.Columns, Summary, spec.Weights, FloorHits),
            Sizes = Summary.Counts,
            LabelWeights = Summary.Weights,
            Spread = [.. Enumerable.Range(0, p.K).Select(c => Math.Sqrt(Trace(c)))],
            FloorHits = FloorHits,
            Stop = Stop,
            Restart = Restart,
            Restarts = restarts,
            Warnings = warnings,
        };
    }

    private double Trace(int component)
    {
        double sum = 0;
        for (int j = 0; j < Parameters.Columns; j++)
            sum += Parameters.Covariance(component, j, j);
        return sum;
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(Restart);
        writer.String(Stop);
        Parameters.Write(writer);
        writer.Int32s(FloorHits);
        writer.Bytes(Summary.Encode().Memory.Span);
    }

    public static MixtureCandidate Read(ByteReader reader) => new(
        reader.Int32(), reader.String(), MixtureParameters.Read(reader), reader.Int32s(), Statistic.Decode<MixtureSummary>(reader.Bytes()));
}
