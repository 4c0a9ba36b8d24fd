using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

public sealed class TimeTextTests
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy/MM/dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd'T'HH:mm:ss",
    ];

    [Fact]
    public void Agrees_with_the_library_on_plain_times_and_on_what_looks_like_them()
    {
        var random = new Random(1);
        int times = 0;
        for (int i = 0; i < 20_000; i++)
        {
            char dash = "-/"[random.Next(2)], other = random.Next(20) == 0 ? '-' : dash;
            string text = string.Create(CultureInfo.InvariantCulture,
                $"{random.Next(0, 2400):0000}{dash}{random.Next(0, 14):00}{other}{random.Next(0, 33):00}");
            if (random.Next(2) == 0)
                text += string.Create(CultureInfo.InvariantCulture,
                    $"{" T_"[random.Next(3)]}{random.Next(0, 25):00}:{random.Next(0, 61):00}:{random.Next(0, 61):00}");
            if (random.Next(10) == 0)
                text = text.Remove(random.Next(text.Length), 1).Insert(random.Next(text.Length - 1), "x");
            bool expected = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time);
            TimeText.TryParse(Encoding.ASCII.GetBytes(text), out double seconds).ShouldBe(expected, text);
            if (expected)
                seconds.ShouldBe((time - DateTimeOffset.UnixEpoch).TotalSeconds, text);
            times += expected ? 1 : 0;
        }

        times.ShouldBeGreaterThan(5_000);
    }
}
