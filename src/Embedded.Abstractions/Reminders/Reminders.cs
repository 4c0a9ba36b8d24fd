using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A reminder of a grain: a timer that outlives activations and the process.</summary>
    public interface IGrainReminder
    {
        /// <summary>The name, unique within the grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>The times of a reminder.</summary>
    /// <param name="firstTickTime">When it ticked or was to tick first, UTC.</param>
    /// <param name="period">From tick to tick.</param>
    /// <param name="timeStamp">When it ticks now, UTC.</param>
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        /// <summary>When it ticked or was to tick first, UTC.</summary>
        public DateTime FirstTickTime { get; } = firstTickTime;

        /// <summary>From tick to tick.</summary>
        public TimeSpan Period { get; } = period;

        /// <summary>When it ticks now, UTC.</summary>
        public DateTime CurrentTickTime { get; } = timeStamp;

        /// <inheritdoc/>
        public override string ToString() => $"<{FirstTickTime:O}, {Period:c}, {CurrentTickTime:O}>";
    }

    /// <summary>A reminder could not be registered, found or removed.</summary>
    /// <param name="message">What went wrong.</param>
    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans.Timers
{
    /// <summary>Keeps the reminders of grains.</summary>
    public interface IReminderRegistry
    {
        /// <summary>Adds a reminder or changes its times.</summary>
        Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

        /// <summary>Removes a reminder.</summary>
        Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

        /// <summary>Finds a reminder; null when there is none of that name.</summary>
        Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

        /// <summary>All reminders of a grain.</summary>
        Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
    }
}
