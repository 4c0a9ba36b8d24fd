using System.Collections.Immutable;
using System.Reflection;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Storage;

/// <summary>Every place where a state could name a blob.</summary>
public sealed class StateTextsTests
{
    /// <summary>Who puts text into a state says whether it names a blob; what does is walked by <c>NamedBlobs</c>.</summary>
    [Fact]
    public void Every_text_of_every_state_is_known_to_name_a_blob_or_not()
    {
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Type state in typeof(TrainingGrain).Assembly.GetTypes().SelectMany(type => type.GetConstructors()).SelectMany(made => made.GetParameters())
            .Select(parameter => parameter.ParameterType).Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPersistentState<>))
            .Select(type => type.GetGenericArguments()[0]))
            Collect(state, texts, []);
        texts.Count.ShouldBeGreaterThan(40);
        string[] hashes =
        [
            "DatasetVersionEntry.Manifest", "ModelState.Anchors", "ModelState.Archive", "ModelVersionEntry.Parameters", "ModelVersionEntry.Report",
            "ModelVersionEntry.Alignment", "ModelVersionEntry.Package", "JobRecord.InitialCentroids", "JobRecord.Manifest", "JobRecord.Checkpoint",
            "JobRecord.Preparation", "ObservedWindow.Counts", "AuditState.Pages",
            "AuditState.Archive",
        ];
        hashes.Except(texts).ShouldBeEmpty();
        using var reader = new StreamReader(typeof(StateTextsTests).Assembly.GetManifestResourceStream("state-texts.txt")!);
        string[] known = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        texts.Except(hashes).Except(known).ShouldBeEmpty("say whether these name blobs: in the list above and in NamedBlobs, or in state-texts.txt");
        known.Except(texts).ShouldBeEmpty("these are gone");
    }

    private static void Collect(Type type, SortedSet<string> texts, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return;
        foreach (PropertyInfo field in type.GetProperties().Where(property => property.GetCustomAttribute<IdAttribute>() is not null))
        {
            Type held = field.PropertyType;
            held = Nullable.GetUnderlyingType(held) ?? held;
            if (held.IsGenericType && held.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
                held = held.GetGenericArguments()[0];
            if (held == typeof(string) || held == typeof(ReadOnlyMemory<byte>))
                texts.Add($"{type.Name}.{field.Name}");
            else if (held.IsInterface)
                typeof(TrainingRequest).Assembly.GetTypes().Where(held.IsAssignableFrom).ToList().ForEach(one => Collect(one, texts, seen));
            else if (held.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
                Collect(held, texts, seen);
        }
    }
}
