using System.Collections.Immutable;
using System.Reflection;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Contracts;

/// <summary>Walks every grain signature: what crosses it must be sealed, immutable, aliased and numbered.</summary>
public sealed class WireTypesTests
{
    private static readonly Type[] Simple =
    [
        typeof(bool), typeof(int), typeof(long), typeof(ulong), typeof(double), typeof(string), typeof(TimeSpan), typeof(DateTimeOffset),
            typeof(ReadOnlyMemory<byte>),
    ];

    private static readonly Type[] GrainInterfaces =
        [.. typeof(ITrainingGrain).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))];

    private static readonly Type[] States =
        [.. typeof(TrainingGrain).Assembly.GetTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)];

    [Fact]
    public void There_are_grains_to_look_at() => GrainInterfaces.Length.ShouldBeGreaterThanOrEqualTo(8);

    [Fact]
    public void Every_grain_is_keyed_by_a_string_that_carries_the_tenant() =>
        GrainInterfaces.ShouldAllBe(type => typeof(IGrainWithStringKey).IsAssignableFrom(type));

    [Fact]
    public void Every_interface_and_method_has_an_alias_and_takes_a_cancellation_token()
    {
        foreach (Type type in GrainInterfaces)
        {
            Alias(type).ShouldStartWith("oc.");
            foreach (MethodInfo method in type.GetMethods())
            {
                string name = $"{type.Name}.{method.Name}";
                Alias(method).ShouldBe(method.Name, name);
                (method.ReturnType == typeof(Task) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)))
                    .ShouldBeTrue($"{name} must return a Task");
                method.GetParameters().Last().ParameterType.ShouldBe(typeof(CancellationToken), name);
            }
        }
    }

    [Fact]
    public void Every_type_in_a_signature_is_sealed_immutable_aliased_and_numbered()
    {
        var types = new HashSet<Type>();
        foreach (MethodInfo method in GrainInterfaces.SelectMany(type => type.GetMethods()))
        {
            foreach (ParameterInfo parameter in method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)))
                Collect(parameter.ParameterType, types);
            if (method.ReturnType.IsGenericType)
                Collect(method.ReturnType.GetGenericArguments()[0], types);
        }

        types.Count.ShouldBeGreaterThan(15);
        foreach (Type type in types.Where(type => !type.IsEnum))
            Check(type);
        types.Where(type => !type.IsEnum).Select(Alias).ShouldBeUnique();
    }

    [Fact]
    public void Every_state_is_immutable_aliased_and_numbered()
    {
        States.Length.ShouldBeGreaterThanOrEqualTo(5);
        var types = new HashSet<Type>();
        foreach (Type state in States)
            Collect(state, types);
        foreach (Type type in types.Where(type => !type.IsEnum))
            Check(type);
    }

    private static void Collect(Type type, HashSet<Type> types)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Simple.Contains(type))
            return;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            Collect(type.GetGenericArguments()[0], types);
            return;
        }

        if (type.IsInterface)
        {
            // Whatever may stand for it crosses as well.
            foreach (Type implementation in typeof(ITrainingGrain).Assembly.GetTypes().Where(one => one.IsClass && type.IsAssignableFrom(one)))
                Collect(implementation, types);
            return;
        }

        if (types.Add(type) && !type.IsEnum)
        {
            foreach (PropertyInfo property in WireProperties(type))
                Collect(property.PropertyType, types);
        }
    }

    private static void Check(Type type)
    {
        type.IsSealed.ShouldBeTrue($"{type} must be sealed");
        type.GetCustomAttribute<GenerateSerializerAttribute>().ShouldNotBeNull($"{type} must have a serializer");
        type.GetCustomAttribute<ImmutableAttribute>().ShouldNotBeNull($"{type} must be immutable");
        Alias(type).ShouldBe($"oc.{type.Name}");
        PropertyInfo[] properties = [.. WireProperties(type)];
        foreach (PropertyInfo property in properties)
        {
            bool isInit = property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
            isInit.ShouldBeTrue($"{type}.{property.Name} must be set at construction only");
            property.GetCustomAttribute<IdAttribute>().ShouldNotBeNull($"{type}.{property.Name} must be numbered: without an [Id] it arrives empty");
        }

        // What only earlier builds wrote has ids, too.
        int[] ids = [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => property.GetCustomAttribute<IdAttribute>()).OfType<IdAttribute>().Select(id => (int)id.Id).Order()];
        ids.ShouldBe(Enumerable.Range(0, ids.Length), $"{type}: ids must count from 0 without gaps");
        type.GetFields(BindingFlags.Instance | BindingFlags.Public).ShouldBeEmpty($"{type} must have no public fields");
    }

    private static IEnumerable<PropertyInfo> WireProperties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod is not null);

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? "";
}
