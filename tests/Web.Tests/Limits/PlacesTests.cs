using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Limits;

/// <summary>How many requests are let in at a time.</summary>
public sealed class PlacesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Clock _clock = new();

    [Fact]
    public void What_may_take_much_has_so_many_places_and_no_more()
    {
        using var places = new Places(new WebOptions { MostRequests = 2 }, _clock);
        (places.TryEnter(), places.TryEnter(), places.TryEnter()).ShouldBe((true, true, false));
        places.Leave();
        (places.TryEnter(), places.TryEnter()).ShouldBe((true, false));
    }

    [Fact]
    public void Small_questions_are_let_in_as_long_as_they_are_answered_in_time()
    {
        using var places = new Places(new WebOptions { MostRequests = 2, MostSmallRequests = 1000 }, _clock);
        // Nothing is known yet: it is tried.
        for (int i = 0; i < 20; i++)
            places.TryEnter(Patience).ShouldBeTrue();
        // 10 in 100 ms: as many as that may wait who wait for 100 ms.
        for (int i = 0; i < 10; i++)
            places.Leave();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        places.TryEnter(Patience).ShouldBeFalse();
        places.TryEnter(TimeSpan.FromSeconds(1)).ShouldBeTrue();
        places.TryEnter().ShouldBeFalse();
        places.Leave();
        places.Leave();
        places.TryEnter(Patience).ShouldBeTrue();
        // Nothing is answered any more.
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        places.TryEnter(Patience).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        places.TryEnter(TimeSpan.FromSeconds(1)).ShouldBeFalse();
    }

    [Fact]
    public void Even_of_small_questions_there_are_no_more_than_so_many()
    {
        using var places = new Places(new WebOptions { MostRequests = 1, MostSmallRequests = 3 }, _clock);
        Enumerable.Range(0, 5).Select(_ => places.TryEnter(TimeSpan.FromMinutes(1))).ShouldBe([true, true, true, false, false]);
    }

    private sealed class Clock : TimeProvider
    {
        private long _now = TimeSpan.TicksPerHour;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
