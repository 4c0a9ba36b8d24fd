using Orleans.Core;

namespace Orleans.Core
{
    /// <summary>One stored record of a grain.</summary>
    public interface IStorage
    {
        /// <summary>Names the version that was read or written last; null when there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether the record exists in storage.</summary>
        bool RecordExists { get; }

        /// <summary>Removes the record. Fails if it has changed since it was read.</summary>
        Task ClearStateAsync();

        /// <summary>Writes the record. Fails if it has changed since it was read.</summary>
        Task WriteStateAsync();

        /// <summary>Reads the record anew.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ClearStateAsync()"/>
        /// <param name="cancellationToken">Not looked at: storage is not told of it.</param>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        /// <param name="cancellationToken">Not looked at: storage is not told of it.</param>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <inheritdoc cref="ReadStateAsync()"/>
        /// <param name="cancellationToken">Not looked at: storage is not told of it.</param>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>One stored record of a grain.</summary>
    /// <typeparam name="TState">The record's type.</typeparam>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The record as the grain sees it.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>One stored record of a grain, read before the grain is activated.</summary>
    /// <typeparam name="TState">The record's type.</typeparam>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Marks a constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
    /// <param name="stateName">The record's name within the grain.</param>
    /// <param name="storageName">The storage to use; the default one when null.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>The record's name within the grain.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The storage to use; the default one when null.</summary>
        public string? StorageName { get; } = storageName;
    }
}
