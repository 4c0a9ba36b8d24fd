using OrleansCluster.Cli.Output;
using Spectre.Console;

namespace OrleansCluster.Cli.Tests;

/// <summary>Facts, headings and warnings in narrow windows.</summary>
public sealed class ProseTests
{
    [Fact]
    public void A_fact_goes_on_in_its_own_column()
    {
        var screen = new Screen(40);
        TrainingText.Fact(screen.Console, "time", "11 ms", "start 9.4 ms, iterate 1.2 ms, 2 threads, at most 86.8 MB");
        screen.Lines.ShouldBe(["  time      11 ms  start 9.4 ms, iterate", "            1.2 ms, 2 threads, at most", "            86.8 MB"]);
    }

    [Fact]
    public void A_long_name_of_a_fact_stays_apart_from_its_value()
    {
        var screen = new Screen(80);
        TrainingText.Fact(screen.Console, "cluster 12", "Europe");
        TrainingText.Fact(screen.Console, "cluster 1234", "Asia", "said yesterday");
        screen.Lines.ShouldBe(["  cluster 12 Europe", "  cluster 1234 Asia  said yesterday"]);
    }

    [Fact]
    public void A_digest_is_not_broken()
    {
        string digest = new('a', 64);
        var screen = new Screen(60);
        TrainingText.Fact(screen.Console, "digest", digest);
        screen.Lines.ShouldBe([$"  digest    {digest}"]);
    }

    [Fact]
    public void A_warning_is_set_in_below_its_mark()
    {
        var screen = new Screen(30);
        Prose.Marked(screen.Console, "!", "The criteria disagree: bic chooses k = 3.", Style.Plain);
        screen.Lines.ShouldBe(["  ! The criteria disagree: bic", "    chooses k = 3."]);
    }
}
