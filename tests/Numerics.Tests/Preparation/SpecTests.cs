using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Numerics.Tests.Preparation;

/// <summary>How preparations are written.</summary>
public sealed class SpecTests
{
    [Theory]
    [InlineData("impute=median,scale=standard,onehot=country:20,pca=0.95", "impute=median,scale=standard,onehot=20:country,pca=0.95")]
    [InlineData(" scale = standard : age + \"gross, income\" ", "scale=standard:age+\"gross, income\"")]
    [InlineData("onehot=5", "onehot=5")]
    [InlineData("onehot=country+city", "onehot=country+city")]
    [InlineData("cycle=hour+weekday:when", "cycle=hour+weekday:when")]
    [InlineData("cycle=when", "cycle=when")]
    [InlineData("clip=0.05..0.95:x,log1p,sqrt=y", "clip=0.05..0.95:x,log1p,sqrt=y")]
    [InlineData("select=\"2024\"+\"a\"\"b\"", "select=\"2024\"+\"a\"\"b\"")]
    [InlineData("", "")]
    public void Steps_are_read_and_written(string text, string canonical)
    {
        PreparationSpec spec = PreparationSpec.Parse(text);
        spec.ToString().ShouldBe(canonical);
        PreparationSpec.Parse(canonical).ShouldBe(spec);
    }

    [Theory]
    [InlineData("scael=standard", "no preparation step 'scael'")]
    [InlineData("scale=standart:x", "has no 'standart'")]
    [InlineData("scale", "takes standard, minmax, robust or maxabs")]
    [InlineData("clip=0.7", "clip")]
    [InlineData("select", "takes columns")]
    [InlineData("weigh=2", "takes a factor")]
    [InlineData("impute", "takes mean, median")]
    [InlineData("scale=\"standard", "opens a quote")]
    [InlineData("scale=a:b:c", "more than one colon")]
    public void What_is_no_step_is_told(string text, string message) =>
        Should.Throw<TrainingException>(() => PreparationSpec.Parse(text)).Message.ShouldContain(message);
}
