using OrleansCluster.Contracts;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Requests as documents.</summary>
public static class RequestDocuments
{
    /// <summary>The document of a request, without the rows that it starts from.</summary>
    public static RequestDocument Of(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new RequestDocument
        {
            Dataset = request.Dataset,
            DatasetVersion = request.DatasetVersion,
            Model = request.Model,
            Family = request.Options?.Family ?? "",
            Options = request.Options is { } options ? OptionsJson.Write(options) : null,
            Parent = request.Parent,
            By = request.By,
            Retraining = RetrainingWords.Of(request.Retraining),
            Preparation = request.Preparation.Length > 0 ? request.Preparation : null,
            OnTrial = request.OnTrial,
            Adapt = request.Adapts,
            KeepThreshold = request.KeepsThreshold,
        };
    }
}
