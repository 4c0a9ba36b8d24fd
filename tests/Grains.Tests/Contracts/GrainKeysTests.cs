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
    [InlineData("a%2fb", "contains '%'")]
    [InlineData("a\\b", "contains '\\'")]
    [InlineData(" a", "contains ' '")]
    [InlineData("é ", "contains ' '")]
    [InlineData("a\u0007", "contains U+0007")]
    [InlineData("a\u202Eb", "contains U+202E")]
    [InlineData("λ\u200Bμ", "contains U+200B")]
    [InlineData("λ\u00A0μ", "contains U+00A0")]
    [InlineData("λ\uFE0F", "contains U+FE0F")]
    [InlineData("\u3164", "contains U+3164")]
    [InlineData("\u0301a", "contains '\u0301'")]
    [InlineData("λ\uE000", "contains U+E000")]
    [InlineData("λ∕μ", "contains '∕'")]
    [InlineData("模型／一", "contains '／'")]
    [InlineData("🦉", "contains '🦉'")]
    [InlineData("..λ", "begins with '.'")]
    public void Other_names_are_refused_and_the_message_says_why(string? name, string why) =>
        Should.Throw<ClusteringException>(() => GrainKeys.CheckName("model", name)).Message.ShouldContain(why);

    [Theory]
    [InlineData("κόσμος")]
    [InlineData("客户-2024")]
    [InlineData("قطاعات")]
    [InlineData("ग्राहक_१")]
    [InlineData("клиенты.v2")]
    [InlineData("\U00020000")]
    public void Names_are_in_any_script(string name)
    {
        GrainKeys.CheckName("model", name).ShouldBe(name);
        GrainKeys.Parse(GrainKeys.For("τ", name)).ShouldBe(("τ", name));
        TenantBoundary.TenantOf(GrainId.Create("model", GrainKeys.For(name, "m"))).ShouldBe(name);
    }

    [Theory]
    [InlineData("donne\u0301es", "donn\u00E9es")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u212Bngstrom", "\u00C5ngstrom")]
    public void What_looks_the_same_is_the_same_name(string typed, string name)
    {
        GrainKeys.CheckName("model", typed).ShouldBe(name);
        GrainKeys.For("t", typed).ShouldBe("t/" + name);
        GrainKeys.CheckKept("model", name).ShouldBe(name);
        Should.Throw<ClusteringException>(() => GrainKeys.CheckKept("model", typed)).Message.ShouldContain("is not composed");
    }

    [Theory]
    [InlineData('\uD800')]
    [InlineData('\uDC00')]
    public void Half_a_character_is_refused(char half) =>
        Should.Throw<ClusteringException>(() => GrainKeys.CheckName("model", "λ" + half)).Message.ShouldContain("contains half of a character");

    [Fact]
    public void What_travels_in_headers_has_names_of_ascii() =>
        Should.Throw<ClusteringException>(() => GrainKeys.CheckName("job", "λ")).Message.ShouldContain("contains 'λ'");

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
