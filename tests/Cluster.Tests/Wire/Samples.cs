using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Wire;

/// <summary>A sample of every type that crosses the wire or is kept as state, with no field at its default; always the same.</summary>
internal static class Samples
{
    /// <summary>How an immutable array that was never set appears in texts: nobody can read it, so no field may have it.</summary>
    public const string NoArray = "no array";

    /// <summary>Fields that are filled from what earlier builds wrote elsewhere; <see cref="EarlierFieldsTests"/> says how.</summary>
    private static readonly ImmutableArray<string> Translated =
    [
        "oc.TrainingReport.Measures", "oc.TrainingReport.PartMeasures",
        "oc.ModelParameters.CentroidsName", "oc.ModelParameters.Arrays", "oc.ModelParameters.Measures", "oc.ModelParameters.Remarks",
    ];

    /// <summary>Every type, in the order of the aliases.</summary>
    public static ImmutableArray<Type> Types { get; } =
    [
        .. new[] { typeof(ITrainingGrain).Assembly, typeof(TrainingGrain).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !typeof(Exception).IsAssignableFrom(type))
            .OrderBy(Alias, StringComparer.Ordinal),
    ];

    public static string Alias(Type type) => type.GetCustomAttribute<AliasAttribute>()!.Alias;

    public static PropertyInfo[] Fields(Type type) =>
        [.. type.GetProperties().Where(property => property.GetCustomAttribute<IdAttribute>() is not null)
            .OrderBy(property => property.GetCustomAttribute<IdAttribute>()!.Id)];

    public static object Make(Type type, int seed = 1)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Make(inner, seed);
        if (type == typeof(string))
            return $"text {seed}";
        if (type == typeof(ReadOnlyMemory<byte>))
            return new ReadOnlyMemory<byte>([(byte)seed, 2, 3]);
        if (type == typeof(double))
            return seed + 0.25;
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero).AddDays(seed);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromSeconds(seed);
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.ToObject(type, 1);
        if (type.IsPrimitive)
            return Convert.ChangeType(seed, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            Type element = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(element, 2);
            items.SetValue(Make(element, seed + 1), 0);
            items.SetValue(Make(element, seed + 2), 1);
            return typeof(ImmutableArray).GetMethods()
                .Single(method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(element).Invoke(null, [items])!;
        }

        // Of what an interface stands for, the first by alias stands for all.
        if (type.IsInterface)
            return Make(Types.First(type.IsAssignableFrom), seed);
        object sample = Activator.CreateInstance(type)!;
        foreach (PropertyInfo field in Fields(type))
            field.SetValue(sample, Make(field.PropertyType, (int)field.GetCustomAttribute<IdAttribute>()!.Id + seed));
        return sample;
    }

    /// <summary>
    /// Where <paramref name="read"/> is neither as <paramref name="sample"/> nor at the default of what the bytes did not have; null when nowhere.
    /// </summary>
    public static string? Difference(object? read, object? sample, string path)
    {
        // Options of any family may stand here, wherever they were: they are as a sample of their own is.
        if (read is ITrainingOptions options)
            sample = Make(read.GetType(), options.K);
        if (Text(read) == Text(sample))
            return null;
        if (read is IEnumerable readItems and not string && sample is IEnumerable items)
        {
            object[] before = [.. readItems.Cast<object>()], now = [.. items.Cast<object>()];
            return before.Length == now.Length
                ? before.Zip(now).Select((pair, i) => Difference(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(found => found is not null) : path;
        }

        if (read?.GetType().GetCustomAttribute<GenerateSerializerAttribute>() is null || sample is null)
            return path;
        object fresh = Activator.CreateInstance(read.GetType())!;
        return Fields(read.GetType())
            .Where(field => !Translated.Contains($"{Alias(read.GetType())}.{field.Name}"))
            .Where(field => Text(field.GetValue(read)) != Text(field.GetValue(fresh)))
            .Select(field => Difference(field.GetValue(read), field.GetValue(sample), $"{path}.{field.Name}"))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>A value as text, arrays with their elements.</summary>
    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            && (bool)type.GetProperty("IsDefault")!.GetValue(value)! => NoArray,
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Text))}]",
        _ when value.GetType().GetCustomAttribute<GenerateSerializerAttribute>() is not null =>
            $"{{{string.Join(", ", Fields(value.GetType()).Select(field => $"{field.Name}: {Text(field.GetValue(value))}"))}}}",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
