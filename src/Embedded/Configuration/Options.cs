namespace Orleans.Configuration
{
    /// <summary>How calls behave.</summary>
    public class SiloMessagingOptions
    {
        /// <summary>How long a caller waits for an answer. Default: 30 seconds. A method may set its own by <see cref="ResponseTimeoutAttribute"/>.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>When idle activations are collected.</summary>
    public class GrainCollectionOptions
    {
        /// <summary>How often to look for idle activations. Default: one minute.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle. Default: 15 minutes. Longer than the quantum.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>How long an activation may take to begin. Default: 30 seconds.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>How long an activation may take to end. Default: 30 seconds.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>Which grain classes there are.</summary>
    public class GrainTypeOptions
    {
        /// <summary>The classes. To begin with, those of the program and what it references.</summary>
        public HashSet<Type> Classes { get; } = [];
    }
}

namespace Orleans.Hosting
{
    /// <summary>How reminders behave.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The shortest period there may be. Default: one minute.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
