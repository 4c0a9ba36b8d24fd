using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>What became of joining what is true with what was answered.</summary>
/// <param name="Answers">Rows that were answered.</param>
/// <param name="Truths">Rows of which it is known what is true.</param>
/// <param name="Joined">Rows that are both.</param>
/// <param name="Strange">Truths of rows that were not answered.</param>
/// <param name="Lag">How long it took until it was known; null: there were no times.</param>
internal sealed record JoinedLabels(int Answers, int Truths, int Joined, int Strange, LabelLag? Lag);
