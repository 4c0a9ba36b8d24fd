using System.Text;
using OrleansCluster.Json;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Json;

/// <summary>Audit trails as files.</summary>
public sealed class AuditEncodingTests
{
    private static readonly ModelEvent Event = new()
    {
        Revision = 7,
        At = new DateTimeOffset(2026, 11, 12, 13, 14, 15, TimeSpan.Zero),
        By = "ann",
        Kind = ModelEvents.AliasSet,
        Version = 3,
        Before = 2,
        Subject = "champion",
        Detail = "d",
        Reason = "r",
        Change = "c",
    };

    [Fact]
    public void What_is_written_is_read() => AuditEncoding.Decode(AuditEncoding.Encode("t", "m", [Event], "before")).ShouldSatisfyAllConditions(
        read => read.Events.ShouldBe([Event]), read => read.Before.ShouldBe("before"));

    [Fact]
    public void What_version_0_1_0_wrote_is_read()
    {
        const string earlier =
            """
            {"Format":1,"Tenant":"t","Model":"m","Before":"",
            "Events":[{"Revision":7,"At":"2026-11-12T13:14:15+00:00","By":"ann","Kind":"alias-set","Version":3,"Before":2,
            "Subject":"champion","Detail":"d","Reason":"r","Change":"c"}]}
            """;
        AuditEncoding.Decode(Encoding.UTF8.GetBytes(earlier)).Events.ShouldBe([Event with { Kind = "alias-set" }]);
    }

    [Theory]
    [InlineData("{\"format\":3}", "has format 3")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"events\":", "cannot be read")]
    public void What_only_a_newer_program_reads_and_what_is_damaged_is_refused(string json, string why) =>
        Should.Throw<ClusteringException>(() => AuditEncoding.Decode(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(why);
}
