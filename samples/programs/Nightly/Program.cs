// Retrains a model every night on the newest version of its dataset, and says whether the model's policy promoted the result.
// Begin ./cluster serve with a model, and then: dotnet run --project samples/programs/Nightly -- --model timezones --dataset timezones [--now true]
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Client;
using Samples.Nightly;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddClusteringClient(
    new Uri(builder.Configuration["service"] ?? "http://127.0.0.1:8080"), Environment.GetEnvironmentVariable("ORLEANSCLUSTER_KEY"));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHostedService<Retraining>();
await builder.Build().RunAsync();
