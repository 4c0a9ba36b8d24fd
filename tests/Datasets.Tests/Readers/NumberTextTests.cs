using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

public sealed class NumberTextTests
{
    [Fact]
    public void Agrees_with_the_library_on_numbers_of_every_form()
    {
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++)
        {
            string text = Number(random);
            NumberText.TryParse(Encoding.ASCII.GetBytes(text), out double value).ShouldBeTrue(text);
            BitConverter.DoubleToInt64Bits(value).ShouldBe(
                BitConverter.DoubleToInt64Bits(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)), text);
        }

        static string Number(Random random)
        {
            var text = new StringBuilder(random.Next(3) switch { 0 => "-", 1 => "+", _ => "" });
            text.Append('0', random.Next(4) == 0 ? random.Next(30) : 0);
            Digits(random.Next(1, 12));
            if (random.Next(4) > 0)
            {
                text.Append('.');
                Digits(random.Next(0, 24));
            }

            if (random.Next(3) == 0)
                text.Append("eE"[random.Next(2)]).Append(random.Next(-40, 40).ToString("+0;-0;0", CultureInfo.InvariantCulture));
            return text.ToString();

            void Digits(int count)
            {
                for (int j = 0; j < count; j++)
                    text.Append((char)('0' + random.Next(10)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+-1")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1 2")]
    [InlineData("1_000")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    [InlineData("9007199254740993")]
    [InlineData("-12345678901234567890123")]
    public void Refuses_what_is_no_usable_number(string text) =>
        NumberText.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("9007199254740992", 9007199254740992)]
    [InlineData("9007199254740993.0", 9007199254740992)]
    [InlineData("00000000000000000000000000001", 1)]
    [InlineData("1e-9999", 0)]
    [InlineData("0e99999999", 0)]
    public void Takes_unusual_forms(string text, double expected)
    {
        NumberText.TryParse(Encoding.ASCII.GetBytes(text), out double value).ShouldBeTrue();
        value.ShouldBe(expected);
    }
}
