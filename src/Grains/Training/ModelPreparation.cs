using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Training;

/// <summary>
/// A model has one preparation, fitted with its first version: centres of its versions lie in one space then, so that they can be aligned, compared and routed
/// among.
/// </summary>
internal static class ModelPreparation
{
    /// <summary>The preparation that a training has to go by; null: the model has none, or there is no model yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The training.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">The request asks for another one than the model has.</exception>
    public static async Task<(FittedPreparation? Fitted, string Asked)> Of(IModelGrain model, TrainingRequest request, CancellationToken cancellation)
    {
        string wanted = JobTraining.Parse(request.Preparation).ToString();
        if (await model.Info(cancellation) is null || await model.Package(request.Parent, cancellation) is not { } package)
            return (null, wanted);
        PreparationDocument had = JsonSerializer.Deserialize(package.Manifest.Span, ContractJson.Default.PackageDocument)!.Preparation;
        FittedPreparation? fitted = PreparationEncoding.Read(had);
        string asked = had.Asked ?? "";
        if (wanted == asked || (request.Retraining != RetrainingKind.None && wanted.Length == 0))
            return (fitted, asked);
        throw new ClusteringException(
            $"The model '{request.Model}' {(asked.Length == 0 ? "takes rows as they are" : $"prepares its rows with --prepare '{asked}'")}, and all its "
                + "versions do, so that they can be compared: "
            + $"{(wanted.Length == 0 ? "train it with that, or give" : "give")} another name with --model.");
    }
}
