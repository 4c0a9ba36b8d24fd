using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows that a model is asked about, as typed.</summary>
/// <param name="Data">A file, standard input (<c>-</c>), or a dataset.</param>
/// <param name="Read">How they are read.</param>
/// <param name="Keep">Columns that are written again beside the answers, as <c>--keep-columns</c> lists them; empty: all; null: none.</param>
/// <param name="ByPosition">Whether the columns are the model's by their places, whatever they are called.</param>
/// <param name="Beside">Names of columns of a file that are read beside the model's; null: as <paramref name="Keep"/> says.</param>
internal sealed record RowQuery(string Data, ReadOptions Read, bool ByPosition = false, string? Keep = null, string[]? Beside = null);
