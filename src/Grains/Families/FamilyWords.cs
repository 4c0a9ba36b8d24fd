using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>Says in reports what families say of them, which is not kept with the reports.</summary>
internal static class FamilyWords
{
    /// <summary>The report with what its family is, how its measures are called, and what follows from the rest.</summary>
    public static TrainingReport Tell(this FamilyRegistry families, TrainingReport report)
    {
        IFamily family = families.Find(report.Options.Family);
        FamilyDescription description = family.Description;
        return report with
        {
            Family = new FamilyInfo
            {
                Name = description.Name,
                Title = description.Title,
                Part = description.Part,
                Objective = description.ObjectiveTitle,
                ObjectiveRemark = description.ObjectiveRemark(report.Options),
                LessIsBetter = description.LessIsBetter,
                Capabilities = family.Capabilities,
            },
            Measures =
            [
                .. from known in description.Measures
                   let measure = report.Measures.FirstOrDefault(measure => measure.Name == known.Name)
                   where measure is not null
                   select known with { Value = measure.Value },
                .. report.Measures.Where(measure => description.Measures.All(known => known.Name != measure.Name)),
            ],
            PartMeasures =
            [
                .. report.PartMeasures.Select(measure => description.PartMeasures.FirstOrDefault(known => known.Name == measure.Name) is { } known
                    ? known with { Values = measure.Values }
                    : measure),
            ],
            Particulars = family.Tell(report),
        };
    }
}
