using System.Globalization;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <summary>A dataset and which of its versions is meant, as people write it: <c>name@3</c>, or <c>name</c> for the newest.</summary>
/// <param name="Name">Name of the dataset.</param>
/// <param name="Version">From 1; 0: the newest.</param>
public readonly record struct DatasetReference(string Name, int Version)
{
    /// <summary>Reads <c>name</c> or <c>name@version</c>.</summary>
    /// <exception cref="ClusteringException">The name is not allowed, or the version is not a number from 1.</exception>
    public static DatasetReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');
        if (at < 0)
            return new DatasetReference(GrainKeys.CheckName("dataset", text), 0);
        return int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version >= 1
            ? new DatasetReference(GrainKeys.CheckName("dataset", text[..at]), version)
            : throw new ClusteringException($"'{text}' names no dataset version: after @ comes a number from 1, as in {text[..at]}@1.");
    }
}
