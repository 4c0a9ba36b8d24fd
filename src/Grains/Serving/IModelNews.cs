namespace OrleansCluster.Serving;

/// <summary>Tells the silos that what a model's name means, or which versions it has, is another now.</summary>
public interface IModelNews
{
    /// <summary>
    /// Tells every silo, and waits until they know it: a little while at most, because one that cannot be reached asks again when its lease
    /// (<see cref="ServingOptions.RouteLease"/>) is over. Never fails.
    /// </summary>
    /// <param name="model">Grain key of the model.</param>
    Task Changed(string model);
}
