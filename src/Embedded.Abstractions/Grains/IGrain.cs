using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain interface extends, through the interface for its kind of key.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A grain whose key is a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>A grain whose key is a text.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is a GUID and a text.</summary>
public interface IGrainWithGuidCompoundKey : IGrain;

/// <summary>A grain whose key is a 64-bit integer and a text.</summary>
public interface IGrainWithIntegerCompoundKey : IGrain;
