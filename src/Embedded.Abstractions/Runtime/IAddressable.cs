namespace Orleans.Runtime;

/// <summary>Something that can be called by reference: a grain or a reference to one.</summary>
public interface IAddressable;
