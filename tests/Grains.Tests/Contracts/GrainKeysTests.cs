using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Contracts;

public sealed class GrainKeysTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("nightly-2024.05_b")]
    [InlineData("_private")]
    [InlineData("0")]
    public void Names_of_letters_digits_and_three_signs_are_allowed(string name) => GrainKeys.CheckName("model", name).ShouldBe(name);

    [Theory]
    [InlineData("", "has no name")]
    [InlineData(null, "has no name")]
    [InlineData("a/b", "contains '/'")]
    [InlineData("..", "begins with '.'")]
    [InlineData("-x", "begins with '-'")]
    [InlineData("a b", "contains ' '")]
    [InlineData("é", "contains 'é'")]
    public void Other_names_are_refused_and_the_message_says_why(string? name, string why) =>
        Should.Throw<ClusteringException>(() => GrainKeys.CheckName("model", name)).Message.ShouldContain(why);

    [Fact]
    public void A_name_of_a_hundred_characters_is_the_longest()
    {
        GrainKeys.CheckName("model", new string('a', 100)).Length.ShouldBe(100);
        Should.Throw<ClusteringException>(() => GrainKeys.CheckName("model", new string('a', 101))).Message.ShouldContain("101 characters");
    }

    [Fact]
    public void Keys_begin_with_the_tenant_and_read_back()
    {
        GrainKeys.For("t1", "m").ShouldBe("t1/m");
        GrainKeys.Parse("t1/m").ShouldBe(("t1", "m"));
        GrainKeys.ParseReducer(GrainKeys.ForReducer("t1", "job", 2, 31)).ShouldBe(("t1", "job", 2, 31));
        GrainKeys.ParsePartition(GrainKeys.ForPartition("t1", "abc", 7, "job")).ShouldBe(("t1", "abc", 7, "job"));
    }

    [Theory]
    [InlineData("t1")]
    [InlineData("t1/m/x")]
    public void A_key_of_another_form_is_refused(string key) => Should.Throw<ClusteringException>(() => GrainKeys.Parse(key));
}
