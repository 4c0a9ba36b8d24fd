using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Tests;

/// <summary>Text in cells of a terminal.</summary>
public sealed class CellTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("longitude", 9)]
    [InlineData("São Paulo", 9)]
    [InlineData("Sa\u0303o", 3)]
    [InlineData("日本", 4)]
    [InlineData("한국", 4)]
    [InlineData("ﾊﾝｶｸ", 4)]
    [InlineData("●━╸…", 4)]
    public void Wide_characters_take_two_cells_and_combining_ones_none(string text, int width) => CellText.Width(text).ShouldBe(width);

    [Theory]
    [InlineData("Europe", 6, "Europe")]
    [InlineData("Europe", 5, "Euro…")]
    [InlineData("日本と韓国", 10, "日本と韓国")]
    [InlineData("日本と韓国", 9, "日本と韓…")]
    [InlineData("日本と韓国", 8, "日本と…")]
    [InlineData("Sa\u0303o Paulo", 4, "Sa\u0303o…")]
    public void An_end_is_cut_between_what_is_seen_as_characters(string text, int width, string shown) => CellText.CutEnd(text, width).ShouldBe(shown);

    [Theory]
    [InlineData("/data/april/shops.csv", 21, "/data/april/shops.csv")]
    [InlineData("/data/april/shops.csv", 12, "…l/shops.csv")]
    [InlineData("データ/店.csv", 8, "…/店.csv")]
    public void A_path_keeps_its_end(string text, int width, string shown) => CellText.CutStart(text, width).ShouldBe(shown);

    [Fact]
    public void Lines_break_between_words_and_within_one_only_when_it_is_wider_than_a_line()
    {
        CellText.Wrap("published version 2, aligned with 1", 12).ShouldBe(["published", "version 2,", "aligned with", "1"]);
        CellText.Wrap("a abcdefghij b", 4).ShouldBe(["a", "abcd", "efgh", "ij b"]);
        CellText.Wrap("日本と韓国の都市", 7).ShouldBe(["日本と", "韓国の", "都市"]);
        CellText.Wrap("", 5).ShouldBe([""]);
        // A line that has no room for any character takes one all the same.
        CellText.Wrap("日本", 1).ShouldBe(["日", "本"]);
    }

    [Fact]
    public void What_would_move_the_cursor_is_shown_as_a_sign()
    {
        CellText.Visible("a\nb\tc\r\u001b[31md\u007f").ShouldBe("a␊b␉c␍␛[31md␡");
        CellText.Visible("\u0085 \u202egnp.exe").ShouldBe("\ufffd \ufffdgnp.exe");
        CellText.Visible("São 日本 👍").ShouldBe("São 日本 👍");
    }
}
