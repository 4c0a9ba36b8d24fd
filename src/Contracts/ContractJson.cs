using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>Writes and reads the documents, with the names that they say, and numbers that are not finite as words (<c>"NaN"</c>).</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = false)]
[JsonSerializable(typeof(RequestDocument))]
[JsonSerializable(typeof(ReportFile))]
[JsonSerializable(typeof(AlignmentFile))]
[JsonSerializable(typeof(AuditFile))]
[JsonSerializable(typeof(AuditEntryDocument))]
[JsonSerializable(typeof(AuditIndexFile))]
[JsonSerializable(typeof(PackageDocument))]
[JsonSerializable(typeof(ProfileFile))]
public sealed partial class ContractJson : JsonSerializerContext;
