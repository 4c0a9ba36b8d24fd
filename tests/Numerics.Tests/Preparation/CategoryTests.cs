using System.Collections.Immutable;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Preparation;

/// <summary>What becomes of texts and times.</summary>
public sealed class CategoryTests
{
    private static readonly ImmutableArray<RowColumn> Countries = [new("x"), Category("country", "FR", "DE", "US", "AT")];

    private static readonly double[] Rows = [1, 0, 2, 1, 3, 1, 4, 2, 5, 0, 6, double.NaN, 7, 1, 8, 3];

    [Fact]
    public void Each_category_becomes_a_column_in_the_order_of_texts()
    {
        FittedPreparation fitted = PreparedCase.Fit("onehot", Countries, new RowBlock(Rows, 2));
        fitted.Outputs.ShouldBe(["x", "country=AT", "country=DE", "country=FR", "country=US"]);
        double[] prepared = PreparedCase.Prepare(fitted, Countries, new RowBlock(Rows, 2));
        prepared[..5].ShouldBe([1, 0, 0, 1, 0]);
        prepared[5..10].ShouldBe([2, 0, 1, 0, 0]);
        prepared[25..30].ShouldBe([6, 0, 0, 0, 0]);
        prepared[35..40].ShouldBe([8, 1, 0, 0, 0]);
    }

    [Fact]
    public void Rare_categories_share_a_column_with_those_that_training_had_not()
    {
        FittedPreparation fitted = PreparedCase.Fit("onehot=country:2", Countries, new RowBlock(Rows, 2));
        fitted.Outputs.ShouldBe(["x", "country=DE", "country=FR", "country=other"]);
        ImmutableArray<RowColumn> later = [Category("country", "IT", "FR", "US"), new("x")];
        BoundPreparation bound = fitted.Bind(later);
        var rows = new RowBlock(new double[] { 0, 10, 1, 11, 2, 12, double.NaN, 13 }, 2);
        bound.Prepare(rows, Parallelism.Sequential.Instance).Float64.ToArray().ShouldBe([10, 0, 0, 1, 11, 0, 1, 0, 12, 0, 0, 1, 13, 0, 0, 0]);
        bound.Count(rows).ShouldBe((1, 1));
    }

    [Fact]
    public void Without_rare_ones_an_unknown_category_is_none_of_them()
    {
        FittedPreparation fitted = PreparedCase.Fit("onehot", Countries, new RowBlock(Rows, 2));
        BoundPreparation bound = fitted.Bind([new("x"), Category("country", "IT")]);
        bound.Prepare(new RowBlock(new double[] { 1, 0 }, 2), Parallelism.Sequential.Instance).Float64.ToArray().ShouldBe([1, 0, 0, 0, 0]);
    }

    [Fact]
    public void Categories_are_numbered_in_the_order_of_texts()
    {
        FittedPreparation fitted = PreparedCase.Fit("impute=most-frequent,ordinal", Countries, new RowBlock(Rows, 2));
        // DE is the most frequent one.
        PreparedCase.Prepare(fitted, Countries, new RowBlock(Rows, 2)).Where((_, i) => i % 2 == 1).ShouldBe([2, 1, 1, 3, 2, 1, 1, 0]);
        BoundPreparation bound = fitted.Bind([new("x"), Category("country", "IT", "US")]);
        bound.Prepare(new RowBlock(new double[] { 1, 0, 2, 1, 3, double.NaN }, 2), Parallelism.Sequential.Instance).Float64.ToArray().ShouldBe(
            [1, -1, 2, 3, 3, 1]);
    }

    [Fact]
    public void Of_equally_frequent_values_the_least_fills_in()
    {
        double[] values = [3, 1, 1, 0, 3, 1, 1, 0, 2, double.NaN];
        ImmutableArray<RowColumn> columns = [new("n"), Category("t", "b", "a")];
        FittedPreparation fitted = PreparedCase.Fit("impute=most-frequent,ordinal", columns, new RowBlock(values, 2));
        StepRecord record = fitted.Steps[0];
        record.Numbers["values"][0].ShouldBe(1);
        record.Texts["categories"].ShouldBe(["", "a"]);
    }

    /// <summary>scikit-learn's FeatureHasher(8, input_type='string').</summary>
    [Theory]
    [InlineData("DE", 1, 1)]
    [InlineData("FR", 3, -1)]
    [InlineData("São Paulo", 1, 1)]
    [InlineData("", 0, 1)]
    [InlineData("x", 3, 1)]
    [InlineData("abcdefghijk", 7, 1)]
    [InlineData("東京", 6, -1)]
    public void Texts_are_hashed_as_scikit_learn_does(string text, int place, double sign)
    {
        ImmutableArray<RowColumn> columns = [Category("t", text)];
        double[] prepared = PreparedCase.FitAndPrepare("hash=t:8", columns, [0]);
        prepared.Length.ShouldBe(8);
        prepared[place].ShouldBe(sign);
        prepared.Sum(Math.Abs).ShouldBe(1);
    }

    [Theory]
    [InlineData(-1, 23, 2, 12)]
    [InlineData(0, 0, 3, 1)]
    [InlineData(1709214300, 13, 3, 2)]
    [InlineData(951868800, 0, 2, 3)]
    [InlineData(1795993200, 23, 6, 11)]
    [InlineData(-2209057200, 5, 6, 12)]
    public void Parts_of_times_are_places_in_circles(double seconds, int hour, int weekday, int month)
    {
        ImmutableArray<RowColumn> columns = [new("when", ColumnType.Time)];
        FittedPreparation fitted = PreparedCase.Fit("cycle", columns, new RowBlock(new[] { seconds }, 1));
        fitted.Outputs.ShouldBe(["when hour sin", "when hour cos", "when weekday sin", "when weekday cos", "when month sin", "when month cos"]);
        double[] expected = [.. new[] { (hour, 24), (weekday, 7), (month - 1, 12) }
            .SelectMany(part => new[] { Math.Sin(2 * Math.PI * part.Item1 / part.Item2), Math.Cos(2 * Math.PI * part.Item1 / part.Item2) })];
        double[] prepared = PreparedCase.Prepare(fitted, columns, new RowBlock(new[] { seconds }, 1));
        for (int i = 0; i < expected.Length; i++)
            prepared[i].ShouldBe(expected[i], 1e-15);
    }

    [Fact]
    public void The_circle_is_right_everywhere()
    {
        for (int parts = 1; parts < 50; parts++)
        {
            for (int part = 0; part < parts; part++)
            {
                (double sine, double cosine) = Near.OfCircle(part, parts);
                sine.ShouldBe(Math.Sin(2 * Math.PI * part / parts), 2e-15);
                cosine.ShouldBe(Math.Cos(2 * Math.PI * part / parts), 2e-15);
            }
        }
    }

    [Fact]
    public void Texts_and_times_that_no_step_turns_into_numbers_are_not_needed()
    {
        ImmutableArray<RowColumn> columns = [.. Countries, new("when", ColumnType.Time), new("sold", ColumnType.Boolean)];
        PreparationInputs.Of(PreparationSpec.None, columns).Select(column => column.Name).ShouldBe(["x", "sold"]);
        PreparationInputs.LeftOut(PreparationSpec.Parse("scale=standard"), columns).Select(column => column.Name).ShouldBe(["country", "when"]);
        PreparationInputs.LeftOut(PreparationSpec.Parse("cycle=hour,onehot=country"), columns).ShouldBeEmpty();
        PreparationInputs.Of(PreparationSpec.Parse("select=sold+country,hash"), columns).Select(column => column.Name).ShouldBe(["sold", "country"]);
    }

    [Fact]
    public void A_column_that_vanished_or_changed_its_type_is_named()
    {
        FittedPreparation fitted = PreparedCase.Fit("onehot", Countries, new RowBlock(Rows, 2));
        Should.Throw<TrainingException>(() => fitted.Bind([new("x")])).Message.ShouldContain("no column 'country'");
        Should.Throw<TrainingException>(() => fitted.Bind([new("x"), new("country")])).Message.ShouldContain(
            "Column 'country' is a number here, and was a category in training");
    }

    private static RowColumn Category(string name, params string[] texts) => new(name, ColumnType.Category) { Categories = [.. texts] };
}
