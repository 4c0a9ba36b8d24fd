using System.Reflection;
using Orleans.Embedded;

namespace OrleansCluster.Embedded.Tests;

public sealed class CallLineTests
{
    [Fact]
    public void Calls_leave_in_the_order_they_came()
    {
        var (line, calls) = Line(3);
        line.Take((_, _) => true, 0).ShouldBe(calls[0]);
        line.Take((_, _) => true, 0).ShouldBe(calls[1]);
        line.Take((_, _) => true, 0).ShouldBe(calls[2]);
        line.Take((_, _) => true, 0).ShouldBeNull();
        line.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void One_can_be_taken_from_anywhere_and_others_added_behind(int position)
    {
        var (line, calls) = Line(3);
        line.Any((call, wanted) => call == wanted, calls[position]).ShouldBeTrue();
        line.Take((call, wanted) => call == wanted, calls[position]).ShouldBe(calls[position]);
        line.Any((call, wanted) => call == wanted, calls[position]).ShouldBeFalse();
        var last = new SomeCall();
        line.Add(last);
        line.Count.ShouldBe(3);
        line.Clear().ShouldBe([.. calls.Where((_, i) => i != position), last]);
        line.Count.ShouldBe(0);
        line.Clear().ShouldBeEmpty();
    }

    private static (CallLine Line, Call[] Calls) Line(int count)
    {
        var line = new CallLine();
        var calls = Enumerable.Range(0, count).Select(_ => (Call)new SomeCall()).ToArray();
        foreach (var call in calls)
            line.Add(call);
        return (line, calls);
    }

    private sealed class SomeCall : VoidCall
    {
        internal override CallMethod Method { get; } = new(typeof(ITestGrain), typeof(ITestGrain).GetMethod(nameof(ITestGrain.Touch), BindingFlags.Instance | BindingFlags.Public)!);

        protected override ValueTask Invoke(object grain) => default;
    }
}
