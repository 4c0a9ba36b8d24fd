using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <summary>What a request is about: found and checked in the same way for a job that starts and for a plan of one.</summary>
/// <param name="Family">What is trained.</param>
/// <param name="Dataset">The rows.</param>
/// <param name="Manifest">What is in them.</param>
/// <param name="Training">How it begins.</param>
/// <param name="Kept">The preparation that the model has; null: none yet.</param>
/// <param name="Preparation">The preparation that is asked for.</param>
internal sealed record AskedTraining(
    IFamily Family, DatasetVersion Dataset, DatasetManifest Manifest, JobTraining Training, FittedPreparation? Kept, string Preparation)
{
    /// <summary>Looks it up.</summary>
    /// <exception cref="ClusteringException">There are no such rows, or they are not for this model.</exception>
    public static async Task<AskedTraining> Find(
        IGrainFactory grains, TrainingServices services, string tenant, TrainingRequest request, CancellationToken cancellation)
    {
        IFamily family = services.Families.Find(request.Asked().Family);
        DatasetVersion dataset = await grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, request.Dataset)).Get(request.DatasetVersion, cancellation)
            ?? throw new ClusteringException(request.DatasetVersion == 0
                ? $"There is no dataset '{request.Dataset}': import it first, or correct the name."
                : $"There is no version {request.DatasetVersion} of the dataset '{request.Dataset}'.");
        DatasetManifest manifest = await services.Manifests.Get(dataset.Manifest, cancellation);
        // Asked again at the publication; now it saves the work.
        IModelGrain model = grains.GetGrain<IModelGrain>(GrainKeys.For(tenant, request.Model));
        (FittedPreparation? kept, string preparation) = await ModelPreparation.Of(model, request, cancellation);
        var training = new JobTraining(family, request.Asked(), preparation, manifest, kept);
        if (manifest.Schema.IsSparse && (training.IsPrepared ? "Rows are prepared with their zeros: prepare nothing, or import these with --dense."
            : family.RefusesSparse(request.Asked())) is { } why)
            throw new ClusteringException($"The rows of the dataset '{dataset.Name}' are stored sparse. {why}");
        training.CheckMissing(dataset.Name);
        if (training.Columns is { } columns)
            await model.Expects(columns, cancellation);
        Families.Asked.CheckWeights(manifest);
        return new AskedTraining(family, dataset, manifest, training, kept, preparation);
    }

    /// <summary>What it will take where it would run now; null: the family does not say.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="retraining">How the model is trained again, if it is: from parameters that are there it starts once.</param>
    /// <param name="services">Where it would run.</param>
    public TrainingPlan? Plan(ITrainingOptions options, RetrainingKind retraining, TrainingServices services)
    {
        int columns = Math.Max(1, Training.Columns?.Length ?? Manifest.Schema.Columns.Length);
        return TrainingPlan.Of(
            Family, options, new PlannedRows(
                Manifest.Rows, columns, (int)Manifest.Schema.Precision, Math.Max(1, services.Silos.Active().Length), services.Compute.Workers)
            {
                Entries = Manifest.Schema.IsSparse ? Manifest.MostEntries : null,
            },
            services.Options.FanIn, retraining == RetrainingKind.Warm ? 1 : null);
    }
}
