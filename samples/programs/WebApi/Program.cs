// A program of yours that asks which cluster a row is in, for each of its own requests.
// Begin ./cluster serve with a model, and then: dotnet run --project samples/programs/WebApi -- --model timezones --service http://127.0.0.1:8080
using OrleansCluster;
using OrleansCluster.Client;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string model = builder.Configuration["model"] ?? "timezones";
builder.Services.AddClusteringClient(
    new Uri(builder.Configuration["service"] ?? "http://127.0.0.1:8080"), Environment.GetEnvironmentVariable("ORLEANSCLUSTER_KEY"));
// One for all requests: rows that arrive together are asked about together.
builder.Services.AddSingleton(provider => new RowAssigner(provider.GetRequiredService<IClusteringClient>().Models, model));
builder.Services.AddHealthChecks().AddClusteringClient(model);

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/cluster", async (double[] row, RowAssigner assigner, CancellationToken stop) =>
{
    try
    {
        return Results.Ok(await assigner.AssignAsync(row, stop));
    }
    catch (ClusteringException refused)
    {
        return Results.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});
await app.RunAsync();
