using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that has reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>A reminder ticks. The grain is activated for it if need be.</summary>
    /// <param name="reminderName">Which one.</param>
    /// <param name="status">When it ticks.</param>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
