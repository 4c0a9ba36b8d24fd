namespace Orleans.Runtime;

internal static class ServiceProviderExtensions
{
    public static T GetRequired<T>(this IServiceProvider services) where T : class =>
        (T?)services.GetService(typeof(T))
        ?? throw new OrleansConfigurationException($"No service of type {typeof(T)} is registered. Add it in the host's UseOrleans(...).");
}
