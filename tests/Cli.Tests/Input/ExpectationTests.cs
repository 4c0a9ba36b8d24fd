using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Rows that are not as expected, from the command line: refused, counted or put aside, now and when rows are appended.</summary>
[Collection(nameof(CommandLine))]
public sealed class ExpectationTests : IDisposable
{
    private const string Expected = "age in 0..120; missing(pay) < 40%";

    private readonly Workspace _work = CommandLine.NewWorkspace();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task They_are_kept_with_the_version_and_hold_for_what_is_appended()
    {
        _work.Write("a.csv", "who,age,pay\na,30,1\nb,130,2\nc,40,\nd,50,3\n");
        _work.Write("good.csv", "who,age,pay\na,30,1\nc,40,\nd,50,3\n");
        (await _work.RunAsync("datasets", "import", "p", "a.csv", "--id-column", "who", "--expect", Expected)).Refused(2).ShouldBe(
            "a.csv: 1 of 4 rows breaks 'age in 0..120', the first at line 3 (age is 130). Nothing was published: correct the rows, or say with --on-broken "
                + "that such are counted, or put aside (quarantine=FILE).");
        (await _work.RunAsync("datasets", "show", "p")).Refused(2);

        JsonElement told = await _work.JsonAsync(
            "datasets", "import", "p", "a.csv", "--id-column", "who", "--expect", Expected, "--on-broken", "quarantine=bad.csv");
        JsonElement good = await _work.JsonAsync("datasets", "import", "good", "good.csv", "--id-column", "who");
        told.GetProperty("manifest").GetString().ShouldBe(good.GetProperty("manifest").GetString());
        told.GetProperty("expectations").EnumerateArray().Select(one =>
            (one.GetProperty("expectation").GetString(), one.GetProperty("broken").GetInt64(), one.GetProperty("put_aside").GetBoolean()))
            .ShouldBe([("age in 0..120", 1, true), ("missing(pay) < 40%", 0, false)]);
        File.ReadAllText(_work.At("bad.csv")).ShouldBe("place,broken,who,age,pay\n\"line 3\",\"age in 0..120\",b,130,2\n");

        // Appended rows are looked at as well, and by more, if more is said.
        _work.Write("more.csv", "who,age,pay\ne,-1,1\n");
        (await _work.RunAsync("datasets", "append", "p", "more.csv", "--id-column", "who")).Refused(2).ShouldContain(
            "1 of 1 row breaks 'age in 0..120', the first at line 2 (age is -1)");
        told = await _work.JsonAsync(
            "datasets", "append", "p", "more.csv", "--id-column", "who", "--expect", "pay > 1", "--on-broken", "count");
        (told.GetProperty("version").GetInt32(), told.GetProperty("rows").GetInt32()).ShouldBe((2, 4));
        told.GetProperty("expectations").EnumerateArray().Select(one => one.GetProperty("broken").GetInt64()).ShouldBe([1, 0, 1]);
        string described = (await _work.RunAsync("datasets", "describe", "p")).Succeeded().Output;
        described.ShouldContain("pay > 1");
        described.ShouldContain("1 row kept that break it");
        JsonElement history = (await _work.JsonAsync("datasets", "describe", "p")).GetProperty("history");
        history.EnumerateArray().Select(version => version.GetProperty("expectations").GetArrayLength()).ShouldBe([2, 3]);

        // The same rows without a word about it are the same version.
        (await _work.JsonAsync("datasets", "import", "good", "good.csv", "--id-column", "who", "--expect", "age > 0")).GetProperty("version").GetInt32()
            .ShouldBe(2);
        (await _work.JsonAsync("datasets", "import", "good", "good.csv", "--id-column", "who")).GetProperty("version").GetInt32().ShouldBe(2);
        (await _work.RunAsync("datasets", "import", "x", "a.csv", "--on-broken", "drop")).Refused(2).ShouldContain("none of refuse, count and quarantine=FILE");
    }
}
