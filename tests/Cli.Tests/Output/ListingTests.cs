using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Tests;

/// <summary>Listings in windows of any width: numbers whole, texts at words, the least important columns gone first.</summary>
public sealed class ListingTests
{
    public static TheoryData<int> Widths => new(Enumerable.Range(24, 140));

    [Fact]
    public void With_room_for_all_of_it_every_column_is_as_wide_as_its_widest_cell()
    {
        var screen = new Screen(90);
        Models().Write(screen.Console);
        screen.Lines.ShouldBe(
        [
            "  model      k  objective  created     about",
            "  timezones  6  438,178.6  2026-01-02  the places that time zones are named after",
            "  日本       3      -10.5  2026-01-03",
        ]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Numbers_are_whole_and_lines_fit_in_any_window(int width)
    {
        var screen = new Screen(width);
        Models().Write(screen.Console);
        screen.TooWide.ShouldBeEmpty();
        // What stays in any window.
        screen.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3].ShouldBe(["model", "k", "objective"]);
        screen.Lines[1].ShouldContain(" 6  438,178.6");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Who_leaves_first_is_never_there_without_who_leaves_later(int width)
    {
        var screen = new Screen(width);
        Models().Write(screen.Console);
        string heads = screen.Lines[0];
        if (heads.Contains("about", StringComparison.Ordinal))
            heads.ShouldContain("created");
        string told = string.Join(' ', screen.Lines[1..].Select(line => line.Trim()));
        foreach (string head in new[] { "created", "about" }.Where(head => !heads.Contains(head, StringComparison.Ordinal)))
            told.ShouldContain(head);
    }

    [Fact]
    public void A_window_that_is_too_narrow_for_anything_is_no_error()
    {
        foreach (int width in Enumerable.Range(1, 24))
        {
            var screen = new Screen(width);
            Models().Write(screen.Console);
            TrainingText.Fact(screen.Console, "time", "11 ms", "start 9.4 ms");
            screen.Text.ShouldContain("438,178.6");
        }
    }

    [Fact]
    public void Sentences_go_on_below_at_words()
    {
        var screen = new Screen(62);
        Models().Write(screen.Console);
        screen.Lines[..4].ShouldBe(
        [
            "  model      k  objective  created     about",
            "  timezones  6  438,178.6  2026-01-02  the places that time",
            "                                       zones are named after",
            "  日本       3      -10.5  2026-01-03",
        ]);
    }

    [Fact]
    public void A_column_in_which_nothing_stands_is_left_out()
    {
        var screen = new Screen(80);
        new Listing(Column.Number("cluster"), Column.Name("name"), Column.Number("size")).Add("0", "", "5").Add("1", "", "7").Write(screen.Console);
        screen.Lines.ShouldBe(["  cluster  size", "        0     5", "        1     7"]);
    }

    [Fact]
    public void Names_are_cut_before_numbers_leave()
    {
        var screen = new Screen(30);
        new Listing(Column.Name("model"), Column.Number("k"), Column.Word("seen", leaves: 1)).Add("a-rather-long-name-of-a-model", "12", "today")
            .Write(screen.Console);
        screen.Lines.ShouldBe(["  model               k  seen", "  a-rather-long-na…  12  today"]);
    }

    [Fact]
    public void Drawings_are_as_wide_as_there_is_room()
    {
        foreach ((int width, int bar) in new[] { (40, 12), (17, 6), (15, 4) })
        {
            var screen = new Screen(width);
            new Listing(Column.Number("k"), Column.Drawing("", leaves: 1, natural: 12, least: 4), Column.Number("size")).Add("1", Cell.Bar(1), "10")
                .Add("2", Cell.Bar(0.001), "1").Write(screen.Console);
            screen.Lines[1].Count(character => character == '━').ShouldBe(bar);
            screen.Lines[2].Count(character => character == '╸').ShouldBe(1);
        }

        var narrow = new Screen(14);
        new Listing(Column.Number("k"), Column.Drawing("", leaves: 1, natural: 12, least: 4), Column.Number("size")).Add("1", Cell.Bar(1), "10")
            .Write(narrow.Console);
        narrow.Lines.ShouldBe(["  k  size", "  1    10"]);
    }

    [Fact]
    public void Cells_cannot_break_their_line()
    {
        var screen = new Screen(80);
        new Listing(Column.Name("id"), Column.Number("cluster")).Add("two\nlines", "1").Add("\u001b[31mred", "2").Write(screen.Console);
        screen.Lines.ShouldBe(["  id         cluster", "  two␊lines        1", "  ␛[31mred         2"]);
    }

    [Fact]
    public void A_pipe_has_no_width()
    {
        var screen = new Screen(1_000_000);
        string path = string.Concat(Enumerable.Repeat("/folder", 100)), about = string.Join(' ', Enumerable.Repeat("word", 500));
        new Listing(Column.Path("source", leaves: 2), Column.Prose("about", leaves: 1)).Add(path, about).Write(screen.Console);
        screen.Lines[1].ShouldBe($"  {path}  {about}");
    }

    private static Listing Models() => new Listing(Column.Name("model", least: 6), Column.Number("k"), Column.Number("objective"),
        Column.Word("created", leaves: 1), Column.Prose("about", leaves: 2))
        .Add("timezones", "6", "438,178.6", "2026-01-02", "the places that time zones are named after")
        .Add("日本", "3", "-10.5", "2026-01-03", "");
}
