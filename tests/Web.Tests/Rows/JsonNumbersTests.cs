using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Tests.Rows;

/// <summary>Numbers are read to the bit as the framework reads them.</summary>
public sealed class JsonNumbersTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("0.1")]
    [InlineData("-9.9999")]
    [InlineData("999999999999999")]
    [InlineData("0.00000000000001")]
    [InlineData("0.000000000000001")]
    [InlineData("1234567890123456789")]
    [InlineData("9007199254740993")]
    [InlineData("0.30000000000000004")]
    [InlineData("1e-3")]
    [InlineData("-2.5E+10")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e308")]
    public void As_the_framework_reads_them(string text) => Bits(text).ShouldBe(Expected(text), text);

    [Fact]
    public void Of_any_number_of_digits_and_any_place_of_the_point()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            int digits = random.Next(1, 19), point = random.Next(0, digits + 1);
            string all = string.Concat(Enumerable.Range(0, digits).Select(_ => (char)('0' + random.Next(10))));
            string whole = all[..point].TrimStart('0') is { Length: > 0 } some ? some : "0";
            string text = (random.Next(2) == 0 ? "-" : "") + whole + (point < digits ? "." + all[point..] : "");
            Bits(text).ShouldBe(Expected(text), text);
        }
    }

    [Fact]
    public void What_is_beyond_the_range_is_not_finite()
    {
        Utf8JsonReader json = At("1e999");
        (JsonNumbers.TryRead(ref json, out double value) && double.IsFinite(value)).ShouldBeFalse();
    }

    private static long Expected(string text) => BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture));

    private static long Bits(string text)
    {
        Utf8JsonReader json = At(text);
        JsonNumbers.TryRead(ref json, out double value).ShouldBeTrue();
        return BitConverter.DoubleToInt64Bits(value);
    }

    private static Utf8JsonReader At(string text)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        json.Read();
        return json;
    }
}
