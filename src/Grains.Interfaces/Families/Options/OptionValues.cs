using System.Reflection;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>Changes options of any family, as <c>with</c> does where the type is known.</summary>
public static class OptionValues
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>The same options with another value.</summary>
    /// <param name="options">A record.</param>
    /// <param name="property">Name of a property.</param>
    /// <param name="value">Of the property's type.</param>
    /// <exception cref="ClusteringException">These options have no such property.</exception>
    public static ITrainingOptions With(this ITrainingOptions options, string property, object value)
    {
        ArgumentNullException.ThrowIfNull(options);
        PropertyInfo found = options.GetType().GetProperty(property) is { SetMethod: not null } settable
            ? settable
            : throw new ClusteringException($"A training of the family {options.Family} has no {OptionInfo.NameOf(property)}: leave it out.");
        var changed = (ITrainingOptions)Clone.Invoke(options, null)!;
        found.SetValue(changed, value);
        return changed;
    }

    /// <summary>Options of the same family that nobody changed, with one cluster.</summary>
    public static ITrainingOptions Untouched(this ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ((ITrainingOptions)Activator.CreateInstance(options.GetType())!).With(nameof(ITrainingOptions.K), 1);
    }
}
