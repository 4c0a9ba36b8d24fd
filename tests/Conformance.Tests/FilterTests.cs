namespace OrleansCluster.Conformance.Tests;

/// <summary>A silo with filters.</summary>
public sealed class FilteredEngine : IAsyncLifetime
{
    private IEngine? _engine;

    public IGrainFactory Grains => _engine!.Grains;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync(silo =>
    {
        silo.AddIncomingGrainCallFilter<OuterFilter>();
        silo.AddIncomingGrainCallFilter(async context =>
        {
            if (context.InterfaceMethod.DeclaringType == typeof(IFilteredGrain))
                Signals.Note(context.TargetId.Key.ToString()!, "inner");
            await context.Invoke();
        });
    });

    public async ValueTask DisposeAsync() => await _engine!.DisposeAsync();
}

internal sealed class OuterFilter(IGrainFactory grains) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        grains.ShouldNotBeNull();
        if (context.InterfaceMethod.DeclaringType != typeof(IFilteredGrain))
        {
            await context.Invoke();
            return;
        }

        var journal = context.TargetId.Key.ToString()!;
        var arguments = string.Join(",", Enumerable.Range(0, context.Request.GetArgumentCount()).Select(context.Request.GetArgument));
        var from = context.SourceId is { } source && source.Type.ToString() == "filtered" ? source.Key.ToString() : "a client";
        Signals.Note(journal, $"outer {context.MethodName}({arguments}) from {from} on {context.Grain.GetType().Name}.{context.ImplementationMethod.Name}");
        if (context.MethodName == nameof(IFilteredGrain.Refused))
            throw new UnauthorizedAccessException("Not allowed.");
        if (context.MethodName == nameof(IFilteredGrain.Add) && (int)context.Request.GetArgument(0)! == 100)
            context.Request.SetArgument(1, 1);
        try
        {
            await context.Invoke();
        }
        catch (InvalidOperationException error)
        {
            throw new PoorResultException(error.Message, 1);
        }

        if (context.Result is int sum)
            context.Result = sum * 10;
        RequestContext.Get("k").ShouldBeNull();
    }
}

public sealed class FilterTests(SharedEngine shared, FilteredEngine filtered) : ConformanceTests(shared), IClassFixture<FilteredEngine>
{
    private IFilteredGrain Grain => filtered.Grains.GetGrain<IFilteredGrain>(Key);

    [Fact]
    public async Task Filters_see_calls_in_the_order_they_were_added_and_may_change_results()
    {
        (await Soon(Grain.Add(1, 2))).ShouldBe(30);
        Signals.Notes(Key).ShouldBe(["outer Add(1,2) from a client on FilteredGrain.Add", "inner"]);
    }

    [Fact]
    public async Task Filters_may_change_arguments() => (await Soon(Grain.Add(100, 2))).ShouldBe(1010);

    [Fact]
    public async Task Filters_may_refuse_calls()
    {
        await Should.ThrowAsync<UnauthorizedAccessException>(Soon(Grain.Refused()));
        Signals.Notes(Key).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Errors_of_the_grain_pass_through_filters()
    {
        (await Should.ThrowAsync<PoorResultException>(Soon(Grain.Fail()))).Message.ShouldBe("From the grain.");
    }

    [Fact]
    public async Task Filters_know_the_calling_grain()
    {
        (await Soon(Grain.CallOther(Key + "b"))).ShouldBe(Key + "b");
        Signals.Notes(Key + "b")[0].ShouldBe($"outer Name() from {Key} on FilteredGrain.Name");
    }

    [Fact]
    public async Task A_grain_may_filter_its_own_calls()
    {
        (await Soon(filtered.Grains.GetGrain<ISelfFilteringGrain>(Key).Twice(4))).ShouldBe(9);
        (await Soon(Grains.GetGrain<ISelfFilteringGrain>(Key).Twice(5))).ShouldBe(11);
    }
}
