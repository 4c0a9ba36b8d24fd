using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Orleans.Serialization.Invocation;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Tenancy;

/// <summary>What the audit log tells of the calls of one method.</summary>
internal sealed class AuditedCall
{
    private const int LongestText = 100, LongestDetail = 400;

    private readonly ImmutableArray<(string Name, int At)> _tells;

    private AuditedCall(MethodInfo method, AuditedAttribute audited)
    {
        (What, Counted, OfTenant) = (audited.What, audited.Counted, audited.OfTenant);
        ParameterInfo[] parameters = method.GetParameters();
        _tells = [.. audited.Tells.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => (name, Array.FindIndex(parameters, parameter => parameter.Name == name)))];
        if (_tells.Any(told => told.At < 0))
            throw new InvalidOperationException($"{method.DeclaringType?.Name}.{method.Name} has no parameters {audited.Tells}.");
    }

    public string What { get; }

    public bool Counted { get; }

    public bool OfTenant { get; }

    /// <summary>Of a method; null: its calls are not told.</summary>
    public static AuditedCall? Of(MethodInfo method) => method.GetCustomAttribute<AuditedAttribute>() is { } audited ? new AuditedCall(method, audited) : null;

    /// <summary>The tenant whose log a call of everybody's grain belongs into; null: the name is not allowed, and so nobody's.</summary>
    public static string? TenantOf(IInvokable request)
    {
        string? tenant = request.GetArgument(0) switch { string name => name, NewKey key => key.Info.Tenant, _ => null };
        try
        {
            return GrainKeys.CheckName("tenant", tenant);
        }
        catch (ClusteringException)
        {
            return null;
        }
    }

    /// <summary>Of what a call is, where the grain's key does not say so; else empty.</summary>
    public static string Which(IInvokable request) => request.GetArgument(0) switch
    {
        RowsQuery query => query.Dataset,
        NewKey key => key.Info.Id,
        _ => "",
    };

    /// <summary>Who asks, as what they ask for says; empty: it does not.</summary>
    public static string By(IInvokable request) => request.GetArgument(0) switch
    {
        ModelChange change => change.By,
        ModelPublication publication => publication.By,
        TrainingRequest training => training.By,
        DatasetCommit commit => commit.By,
        NewKey key => key.Info.By,
        _ => "",
    };

    /// <summary>Rows that an answer is about.</summary>
    public static long Rows(object? answer) => answer switch
    {
        Assignments assigned => assigned.Labels.Length / sizeof(int),
        Scores scores => scores.LogDensities.Length / sizeof(double),
        Explanations explained => explained.Rows.Length,
        Samples drawn => drawn.Components.Length / sizeof(int),
        DatasetRows read => read.Rows,
        Observation observed => observed.Rows,
        ClusterProfiles profiles => profiles.Rows,
        _ => 0,
    };

    /// <summary>How many questions a call puts together.</summary>
    public static long Times(IInvokable request)
    {
        for (int i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is RowsPayload rows)
                return rows.CountQuestions();
        }

        return 1;
    }

    /// <summary>What the log tells beside: names and numbers, never values of rows and never keys.</summary>
    public string Detail(IInvokable request)
    {
        string all = string.Join(' ', _tells.Select(told => Tell(told.Name, request.GetArgument(told.At))).Where(text => text.Length > 0));
        return all.Length <= LongestDetail ? all : all[..(LongestDetail - 1)] + "…";
    }

    /// <summary>A text of bounded length.</summary>
    public static string Short(string text) => text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";

    private static string Tell(string name, object? value) => value switch
    {
        string text => text.Length == 0 ? "" : $"{name}={Short(text)}",
        int number => string.Create(CultureInfo.InvariantCulture, $"{name}={number}"),
        bool flag => flag ? name : "",
        TrainingRequest request => $"model={Short(request.Model)} dataset={Short(request.Dataset)}",
        ModelPublication publication => $"job={Short(publication.Report.Job)}",
        NewKey key => $"role={Short(key.Info.Role)}{(key.Info.Models.IsEmpty ? "" : $" models={string.Join(',', key.Info.Models)}")}"
            + (key.Info.Replaces.Length > 0 ? $" replaces={Short(key.Info.Replaces)}" : ""),
        TenantQuotas quotas => string.Create(CultureInfo.InvariantCulture,
            $"stored-bytes={quotas.StoredBytes} models={quotas.Models} versions={quotas.Versions} jobs={quotas.Jobs} rows-per-second={quotas.RowsPerSecond} "
                + $"request-bytes={quotas.RequestBytes} weight={quotas.Weight}"),
        ImmutableArray<DatasetHead> heads => $"versions={string.Join(',', heads.Select(head => head.Version))}",
        ImmutableArray<ModelTag> tags => $"{name}={string.Join(',', tags.Select(tag => tag.Key))}",
        ClusterNote note => string.Create(CultureInfo.InvariantCulture, $"cluster={note.Cluster}"),
        RetentionPolicy policy => string.Create(CultureInfo.InvariantCulture, $"keep={policy.Keep}{(policy.DryRun ? " dry-run" : "")}"),
        WindowPart part => $"window={Short(part.Window)}",
        ShardRows rows => $"dataset={Short(rows.Dataset)}@{rows.DatasetVersion.ToString(CultureInfo.InvariantCulture)}",
        _ => "",
    };
}
