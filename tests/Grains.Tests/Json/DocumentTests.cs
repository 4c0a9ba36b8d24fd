using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Grains.Tests.Json;

/// <summary>
/// What is persisted as JSON, and what the service is sent and answers, keeps its names: each document, with every member set, is as its file in
/// <c>Golden</c> says. A change that is meant (a member more, say) is written into the folder that <c>CLUSTER_JSON_WRITE</c> names.
/// </summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Documents => [.. Types.Keys];

    public static TheoryData<string> Persisted => [.. Of(typeof(ContractJson)).Select(type => type.Name)];

    public static TheoryData<string> Exchanged => [.. Of(typeof(ApiJson)).Select(type => type.Name)];

    private static readonly ImmutableSortedDictionary<string, Type> Types =
        Of(typeof(ContractJson)).Concat(Of(typeof(ApiJson))).Distinct().ToImmutableSortedDictionary(type => type.Name, type => type);

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_is_written_as_its_file_and_read_from_it(string name)
    {
        string written = Write(Fill(Types[name]));
        if (Environment.GetEnvironmentVariable("CLUSTER_JSON_WRITE") is { } folder)
            File.WriteAllText(Path.Combine(folder, name + ".json"), written);
        using var reader =
            new StreamReader(typeof(DocumentTests).Assembly.GetManifestResourceStream(name + ".json").ShouldNotBeNull($"{name}.json is not there"));
        string golden = reader.ReadToEnd();
        written.ShouldBe(golden);
        Write(Read(Types[name], golden)).ShouldBe(golden);
    }

    [Theory]
    [MemberData(nameof(Persisted))]
    public void Nothing_is_required_and_what_is_not_known_is_passed_over(string name)
    {
        Read(Types[name], "{}").ShouldNotBeNull();
        Write(Read(Types[name], "{\"something_new\": {\"x\": [1]}}")).ShouldBe(Write(Activator.CreateInstance(Types[name])!));
    }

    [Theory]
    [MemberData(nameof(Exchanged))]
    public void What_is_exchanged_has_no_members_that_nothing_knows(string name)
    {
        JsonSerializer.Deserialize("{}", Types[name], ApiJson.Default).ShouldNotBeNull();
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize("{\"something_new\": 1}", Types[name], ApiJson.Default));
    }

    [Fact]
    public void Names_are_said_explicitly()
    {
        foreach (Type type in typeof(ContractJson).Assembly.GetExportedTypes()
            .Where(type => type.IsClass && (type.Name.EndsWith("Document", StringComparison.Ordinal) || type.Name.EndsWith("File", StringComparison.Ordinal))))
        {
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                string? name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name;
                name.ShouldNotBeNull($"{type.Name}.{property.Name}");
                name.ShouldMatch("^[a-z][a-z_]*$");
            }
        }
    }

    private static IEnumerable<Type> Of(Type context) => context.GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
        .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!);

    private static JsonSerializerContext ContextOf(Type type) => Of(typeof(ContractJson)).Contains(type) ? ContractJson.Default : ApiJson.Default;

    private static string Write(object document) =>
        JsonNode.Parse(JsonSerializer.Serialize(document, document.GetType(), ContextOf(document.GetType())))!.ToJsonString(
            new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";

    private static object Read(Type type, string json) => JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), type, ContextOf(type))!;

    /// <summary>A document with every member set to something that tells it from the others.</summary>
    private static object Fill(Type type)
    {
        object document = Activator.CreateInstance(type)!;
        int number = 0;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            property.SetValue(document, Value(property.PropertyType, ++number));
        return document;
    }

    private static object Value(Type type, int number)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return $"text {number}";
        if (type == typeof(bool))
            return true;
        if (type == typeof(int))
            return number;
        if (type == typeof(long))
            return 10_000_000_000L + number;
        if (type == typeof(ulong))
            return (ulong)(10_000_000_000L + number);
        if (type == typeof(decimal))
            return number + 0.25m;
        if (type == typeof(double))
            return number % 3 == 0 ? double.NaN : number + 0.5;
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 11, 12, 13, 14, number, TimeSpan.Zero);
        if (type == typeof(JsonValue))
            return JsonValue.Create(number + 0.5);
        if (type == typeof(JsonObject))
            return new JsonObject { ["k"] = number };
        if (type.GetElementType() is not { } element)
            return Fill(type);
        var items = Array.CreateInstance(element, 2);
        for (int i = 0; i < 2; i++)
            items.SetValue(Value(element, number + i), i);
        return items;
    }
}
