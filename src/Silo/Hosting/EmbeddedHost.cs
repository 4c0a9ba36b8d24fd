using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo;

/// <content>On the in-process engine.</content>
public sealed partial class ClusterHost
{
    private static void UseEngine(HostApplicationBuilder builder, HomeLayout home)
    {
        builder.Services.AddSingleton<IReminderStore>(new FileReminderStore(home.Reminders));
        builder.UseOrleans(silo => silo.AddReminders());
    }
}
