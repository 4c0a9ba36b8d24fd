using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Sessions;

/// <summary>Names of datasets, models and jobs as typed.</summary>
internal static class Names
{
    /// <summary>Answers <paramref name="name"/> when something can have it.</summary>
    /// <param name="kind">What it names, for the message: <c>model</c>.</param>
    /// <exception cref="CommandException">Nothing can have that name; the message says what is allowed.</exception>
    public static string Check(string kind, string name) => Checked(() => GrainKeys.CheckName(kind, name));

    /// <summary>A model and which of its versions: <c>NAME</c>, <c>NAME@3</c>, <c>NAME@champion</c>.</summary>
    /// <exception cref="CommandException">It is no such reference; the message says what is allowed.</exception>
    public static ModelReference Model(string text) => Checked(() => ModelReference.Parse(text));

    /// <summary>A dataset and which of its versions: <c>NAME</c>, <c>NAME@3</c>.</summary>
    /// <exception cref="CommandException">It is no such reference; the message says what is allowed.</exception>
    public static DatasetReference Dataset(string text) => Checked(() => DatasetReference.Parse(text));

    /// <summary>Answers <paramref name="name"/> when a version can be given it as an alias.</summary>
    /// <exception cref="CommandException">It cannot; the message says what is allowed.</exception>
    public static string Alias(string name) => Checked(() => ModelReference.CheckAlias(name));

    private static T Checked<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ClusteringException refused)
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }
}
