using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

public sealed class WrittenFormsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("comma", "none", "1,5", 1.5)]
    [InlineData("comma", "none", "-,5e2", -50.0)]
    [InlineData("comma", "none", "1.5", null)]
    [InlineData("comma", "point", "1.234.567,25", 1234567.25)]
    [InlineData("comma", "point", "1234567,25", 1234567.25)]
    [InlineData("comma", "point", "1.23,5", null)]
    [InlineData("comma", "point", "1234.567", null)]
    [InlineData("comma", "point", "1.2345", null)]
    [InlineData("comma", "point", ".123", null)]
    [InlineData("comma", "space", "-1 234,5", -1234.5)]
    [InlineData("comma", "space", "1\u00A0234\u202F567", 1234567.0)]
    [InlineData("point", "comma", "1,234", 1234.0)]
    [InlineData("point", "comma", "1,234.5,6", null)]
    [InlineData("point", "comma", "1,234,", null)]
    [InlineData("point", "apostrophe", "12'345\u2019678.5", 12345678.5)]
    [InlineData("point", "underscore", "1_000", 1000.0)]
    [InlineData("point", "none", "1,5", null)]
    [InlineData("comma", "point", "9.007.199.254.740.993", null)]
    public void Numbers_are_read_as_somebody_says_and_in_no_other_way(string point, string thousands, string cell, double? expected)
    {
        WrittenForms forms = Forms(point, thousands);
        forms.TryNumber(Encoding.UTF8.GetBytes(cell), out double value).ShouldBe(expected is not null);
        if (expected is not null)
            value.ShouldBe(expected.Value);
    }

    [Fact]
    public void Every_number_that_is_written_in_a_form_is_read_as_it_was()
    {
        var random = new Random(3);
        (string Point, string Thousands, WrittenForms Forms)[] all =
        [
            (",", ".", Forms("comma", "point")), (".", ",", Forms("point", "comma")), (",", "\u00A0", Forms("comma", "space")),
            (".", "\u2019", Forms("point", "apostrophe")),
        ];
        for (int i = 0; i < 4_000; i++)
        {
            (string point, string thousands, WrittenForms forms) = all[i % all.Length];
            double number = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(1, 12)), 3);
            string text = number.ToString("N3", new NumberFormatInfo { NumberDecimalSeparator = point, NumberGroupSeparator = thousands });
            forms.TryNumber(Encoding.UTF8.GetBytes(text), out double value).ShouldBeTrue(text);
            value.ShouldBe(number, text);
        }
    }

    [Theory]
    [InlineData(DateForm.DayFirst, "31/01/2024", "2024-01-31T00:00:00Z")]
    [InlineData(DateForm.DayFirst, "1.2.2024 9:05", "2024-02-01T09:05:00Z")]
    [InlineData(DateForm.DayFirst, "01-02-2024T13:45:10.25+01:00", "2024-02-01T12:45:10.25Z")]
    [InlineData(DateForm.DayFirst, "2024-01-31", "2024-01-31T00:00:00Z")]
    [InlineData(DateForm.DayFirst, "01/31/2024", null)]
    [InlineData(DateForm.DayFirst, "31/01-2024", null)]
    [InlineData(DateForm.DayFirst, "31/01/24", null)]
    [InlineData(DateForm.DayFirst, "29/02/2023", null)]
    [InlineData(DateForm.MonthFirst, "01/31/2024", "2024-01-31T00:00:00Z")]
    [InlineData(DateForm.MonthFirst, "1/31/2024 12:05 AM", "2024-01-31T00:05:00Z")]
    [InlineData(DateForm.MonthFirst, "1/31/2024 1:45:10 pm", "2024-01-31T13:45:10Z")]
    [InlineData(DateForm.MonthFirst, "1/31/2024 13:45 PM", null)]
    [InlineData(DateForm.MonthFirst, "1/31/2024 noon", null)]
    [InlineData(DateForm.YearFirst, "31/01/2024", null)]
    public void Dates_are_read_in_the_order_that_somebody_says(DateForm form, string cell, string? expected)
    {
        TimeText.TryParse(Encoding.UTF8.GetBytes(cell), form, out double seconds).ShouldBe(expected is not null);
        if (expected is not null)
            seconds.ShouldBe((DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    [Theory]
    [InlineData("x;y\n1,5;2,5\n1.000,5;4\n")]
    [InlineData("x\ty\n1,5\t2,5\n1.000,5\t4\n")]
    [InlineData("x y\n1,5 2,5\n1.000,5 4\n")]
    [InlineData("x|y\n1,5|2,5\n1.000,5|4\n")]
    [InlineData("\"x\",\"y\"\n\"1,5\",\"2,5\"\n\"1.000,5\",\"4\"\n")]
    public void A_decimal_comma_is_no_delimiter(string text)
    {
        var options = new ReadOptions { Forms = Forms("comma", "point") };
        using IRowReader reader = TableFile.Read(_folder.Write("t.csv", text), options);
        reader.Columns.ShouldBe(["x", "y"]);
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(batch.Values.Span).ToArray().ShouldBe([1.5, 2.5, 1000.5, 4]);
    }

    [Theory]
    [InlineData("when\n31/01/2024\n01/02/2024\n", "line 2, column 'when': '31/01/2024' may be a date", "--dates dmy (day first);")]
    [InlineData("when\n01/02/2024\n02/03/2024\n", "line 2", "--dates dmy (day first) or --dates mdy (month first)")]
    [InlineData("when\n2024-01-31\n31/01/2024\n", "line 3", "--types \"when=category\"")]
    [InlineData("x\n1.234.567\n2.345.678\n", "line 2", "--decimal comma --thousands point;")]
    [InlineData("x\ty\n1,5\t1\n2,5\t1\n", "line 2, column 'x': '1,5' may be a number", "--decimal comma;")]
    [InlineData("x\ty\n1,500\t1\n2,250\t1\n", "line 2", "--thousands comma or --decimal comma")]
    public void What_may_be_written_in_another_form_is_asked_about(string text, params string[] parts)
    {
        string path = _folder.Write("t.csv", text);
        string refusal = Should.Throw<DataFormatException>(() => TableFile.Read(path, new ReadOptions { Typed = true, Header = true }).Dispose()).Message;
        foreach (string part in parts)
            refusal.ShouldContain(part);
    }

    [Fact]
    public void A_date_in_two_orders_is_refused_at_its_line()
    {
        string path = _folder.Write("t.csv", "when,x\n" + string.Concat(Enumerable.Repeat("01/02/2024,1\n", 2_000)) + "01/31/2024,1\n");
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Typed = true, Forms = new WrittenForms(Dates: DateForm.DayFirst) });
        string refusal = Should.Throw<DataFormatException>(() =>
        {
            while (reader.ReadBatch(out _))
            {
            }
        }).Message;
        refusal.ShouldContain("line 2002, column 'when': '01/31/2024' is no time as 31/01/2024");
        refusal.ShouldContain("--dates mdy");
    }

    [Fact]
    public void A_number_that_is_not_of_the_form_is_refused()
    {
        string path = _folder.Write("t.csv", "x;y\n1,5;2\n1.5;2\n");
        Table.Refusal(path, new ReadOptions { Forms = Forms("comma", "none") })
            .ShouldContain("line 3, column 'x': '1.5' is no number as 1234,5 (--decimal comma)");
        Table.Refusal(_folder.Write("t.csv", "x;y\n1,5;2\n1.234,5;2\n"), new ReadOptions { Forms = Forms("comma", "none") })
            .ShouldEndWith("Or say how all numbers are written: --decimal comma --thousands point.");
        Table.Refusal(path, new ReadOptions { Forms = Forms("comma", "comma") }).ShouldContain("cannot both have a comma");
    }

    private static WrittenForms Forms(string point, string thousands) =>
        WrittenForms.Of(point, thousands, null);
}
