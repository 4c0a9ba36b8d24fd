using System.Reflection;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>Every method of every grain that has a tenant, asked for another one.</summary>
public sealed class TenantBoundaryTests(SharedCluster cluster)
{
    [Fact]
    public async Task No_grain_answers_a_call_that_is_for_another_tenant()
    {
        SharedCluster.Tenant owner = cluster.NewTenant();
        MethodInfo get = owner.GetType().GetMethod(nameof(owner.Grain))!;
        int asked = 0;
        Type[] types = [.. typeof(ICatalogGrain).Assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrainWithStringKey)))];
        // What several grains are is asked as each of them.
        foreach (Type type in types.Where(type => !types.Any(other => other != type && other.IsAssignableTo(type))))
        {
            object grain = get.MakeGenericMethod(type).Invoke(owner, ["something"])!;
            foreach (MethodInfo method in type.GetInterfaces().Append(type)
                .Where(part => part.Namespace!.StartsWith("OrleansCluster", StringComparison.Ordinal))
                .SelectMany(part => part.GetMethods()))
            {
                object?[] arguments = [.. method.GetParameters().Select(parameter =>
                    parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)];
                RequestContext.Set(GrainKeys.CallContext, "somebody-else");
                try
                {
                    Exception e = await Should.ThrowAsync<Exception>(async () => await (Task)method.Invoke(grain, arguments)!);
                    e.Message.ShouldContain("another tenant", customMessage: $"{type.Name}.{method.Name}");
                }
                finally
                {
                    RequestContext.Clear();
                }

                asked++;
            }
        }

        asked.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task What_a_tenant_asks_for_itself_is_answered()
    {
        SharedCluster.Tenant owner = cluster.NewTenant();
        RequestContext.Set(GrainKeys.CallContext, owner.Name);
        try
        {
            (await owner.Client().Datasets.ListAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }
        finally
        {
            RequestContext.Clear();
        }

        // Who says nothing asks for whoever the grain is of.
        (await owner.Client().Models.ListAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }
}
