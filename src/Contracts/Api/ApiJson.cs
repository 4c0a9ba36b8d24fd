using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>
/// Writes and reads what the service is asked and answers. A member that nothing knows is a mistake of who wrote it and is refused, and so is one that is given
/// twice.
/// </summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(DatasetDocument))]
[JsonSerializable(typeof(DatasetPageDocument))]
[JsonSerializable(typeof(RequestDocument))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JobPageDocument))]
[JsonSerializable(typeof(ProgressDocument))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(ModelPageDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(AliasChangeDocument))]
[JsonSerializable(typeof(DescriptionDocument))]
[JsonSerializable(typeof(TagsDocument))]
[JsonSerializable(typeof(ClusterNoteDocument))]
[JsonSerializable(typeof(PruneDocument))]
[JsonSerializable(typeof(PrunedDocument))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(AuditPageDocument))]
[JsonSerializable(typeof(AuditLogDocument))]
[JsonSerializable(typeof(RouteDocument))]
[JsonSerializable(typeof(RouteChangeDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(RowsDocument))]
[JsonSerializable(typeof(AssignmentsDocument))]
[JsonSerializable(typeof(ScoresDocument))]
[JsonSerializable(typeof(SampleRequestDocument))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(ExplanationsDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(ImportRowsDocument))]
[JsonSerializable(typeof(ImportCategoriesDocument))]
[JsonSerializable(typeof(BinaryRowsDocument))]
[JsonSerializable(typeof(FamilyDocument))]
[JsonSerializable(typeof(FamilyPageDocument))]
[JsonSerializable(typeof(DriftDocument))]
[JsonSerializable(typeof(WindowsDocument))]
[JsonSerializable(typeof(RetrainingDocument))]
[JsonSerializable(typeof(RetrainingPageDocument))]
[JsonSerializable(typeof(RetrainingPlanDocument))]
[JsonSerializable(typeof(RetrainingBudgetDocument))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(RenameDocument))]
public sealed partial class ApiJson : JsonSerializerContext;
