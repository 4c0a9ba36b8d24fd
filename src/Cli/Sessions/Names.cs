using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Sessions;

/// <summary>Names of datasets, models and jobs as typed.</summary>
internal static class Names
{
    /// <summary>Answers <paramref name="name"/> when something can have it.</summary>
    /// <param name="kind">What it names, for the message: <c>model</c>.</param>
    /// <exception cref="CommandException">Nothing can have that name; the message says what is allowed.</exception>
    public static string Check(string kind, string name)
    {
        try
        {
            return GrainKeys.CheckName(kind, name);
        }
        catch (ClusteringException refused)
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }
}
