namespace Orleans.Placement;

/// <summary>Where in a cluster a grain is to be activated. One process has one place, so these only document intent there.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PlacementAttribute : Attribute;

/// <summary>On any silo.</summary>
public sealed class RandomPlacementAttribute : PlacementAttribute;

/// <summary>On the silo that the grain's key hashes to.</summary>
public sealed class HashBasedPlacementAttribute : PlacementAttribute;

/// <summary>On the silo of the caller.</summary>
public sealed class PreferLocalPlacementAttribute : PlacementAttribute;

/// <summary>On a silo with few active grains.</summary>
public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute;

/// <summary>On a silo with processor and memory to spare.</summary>
public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;
