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

    [Fact]
    public void Digits_and_a_power_of_ten_are_rounded_as_the_library_does()
    {
        var random = new Random(2);
        var buffer = new byte[8];
        int decided = 0;
        for (int i = 0; i < 300_000; i++)
        {
            random.NextBytes(buffer);
            // Every third lies half way between two float64, or one beside it.
            ulong drawn = BitConverter.ToUInt64(buffer);
            ulong digits = i % 3 == 0 ? ((((drawn >> 11) | (1UL << 52)) << 1) + 1) << (i % 10) : drawn >> random.Next(64);
            digits += i % 9 == 3 ? 1UL : 0;
            int exponent = i % 3 == 0 ? random.Next(-22, 23) : random.Next(-66, 67);
            if (!RoundedDecimal.TryRound(digits, exponent, out double value))
                continue;
            decided++;
            string text = $"{digits}e{exponent}";
            BitConverter.DoubleToInt64Bits(value).ShouldBe(
                BitConverter.DoubleToInt64Bits(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)), text);
        }

        decided.ShouldBeGreaterThan(290_000);
    }

    [Fact]
    public void Short_numbers_of_every_length_are_read_at_once()
    {
        var random = new Random(3);
        var text = new byte[64];
        int read = 0;
        for (int whole = 0; whole <= 17; whole++)
        {
            for (int fraction = -1; fraction <= 17; fraction++)
            {
                for (int i = 0; i < 24; i++)
                {
                    string number = (i % 2 == 0 ? "-" : "") + Digits(whole) + (fraction < 0 ? "" : "." + Digits(fraction));
                    Encoding.ASCII.GetBytes((number + ",\n;\tex.7-"[i % 9] + "12.34567890123456789").PadRight(64, '9'), text);
                    int length = QuickNumber.Read(ref text[0], out double value);
                    bool isShort = whole + Math.Max(fraction, 0) > 0 && number.TrimStart('-').Length < 16 && i % 9 is not (6 or 7);
                    if (length == 0)
                    {
                        isShort.ShouldBeFalse(number);
                        continue;
                    }

                    read++;
                    if (length == number.Length)
                        BitConverter.DoubleToInt64Bits(value).ShouldBe(
                            BitConverter.DoubleToInt64Bits(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture)), number);
                    else
                        ",\n;\tex.7-"[i % 9].ShouldBeOneOf('.', '7');
                }
            }
        }

        read.ShouldBeGreaterThan(2000);

        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));
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
