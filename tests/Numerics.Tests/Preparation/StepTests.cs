using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Preparation;

/// <summary>Every step beside what scikit-learn 1.2.1, scipy and numpy 1.24.2 told of the same rows.</summary>
public sealed class StepTests
{
    private static readonly double[] Missing = PreparedCase.Values(), Whole = PreparedCase.Values(missing: false);

    [Fact]
    public void The_rows_are_those_that_others_were_asked_about()
    {
        Whole.Sum().ShouldBe(41182.615010277055, 1e-8);
        Missing.Count(double.IsNaN).ShouldBe(44);
    }

    [Theory]
    [InlineData("standard", "shifts", 51.43750469945371, 4.937535000948642, 0.023601954393088816, 25.954771893657743)]
    [InlineData("standard", "units", 28.827292396405294, 9.151329870176296, 0.5139363181308605, 15.47299853405562)]
    [InlineData("robust", "shifts", 51.556346425786614, 2.027294157854886, 0.00677278358489275, 25.855048303492367)]
    [InlineData("robust", "units", 47.73797057569027, 2.881040956392491, 0.7301535590086132, 23.623076239600778)]
    [InlineData("minmax", "shifts", 0.4226885735988617, 0.9936139036750669, -1.4161687954328954, -8.73740020673722)]
    [InlineData("minmax", "units", 99.336679559201, 85.23361110841519, 2.8489680690690875, 72.83766273409128)]
    [InlineData("maxabs", "units", 99.75936813279986, 86.22722501209026, 1.432799273636192, 64.10026252735406)]
    public void Scales_are_scikit_learns(string method, string what, double a, double b, double c, double d)
    {
        StepRecord record = PreparedCase.Fit($"scale={method},impute=0", PreparedCase.Columns, new RowBlock(Missing, 4)).Steps[0];
        ShouldAgree([.. record.Numbers[what]], [a, b, c, d]);
        record.Rows.ShouldBe(method == "robust" ? 0 : PreparedCase.Rows);
    }

    [Theory]
    [InlineData(0, 0.2868150338575391, -0.18643061489399845, 0.958933394928938, 0.5856885066994058)]
    [InlineData(1, 1.606967055462905, -0.42690160354883183, -1.1765622959710123, 1.1061510545295927)]
    [InlineData(499, -0.3538264924383125, -0.37053503878905114, -0.4792443113746617, -0.48878311657831414)]
    public void Standardised_rows_are_scikit_learns(int row, double a, double b, double c, double d) =>
        ShouldAgree(Row(PreparedCase.FitAndPrepare("scale=standard", PreparedCase.Columns, Whole), row, 4), [a, b, c, d]);

    [Theory]
    [InlineData("mean", 4.937535000948642)]
    [InlineData("median", 2.027294157854886)]
    [InlineData("-3.5", -3.5)]
    public void Missing_values_are_filled_in(string method, double filled)
    {
        double[] prepared = PreparedCase.FitAndPrepare($"impute={method}", PreparedCase.Columns, Missing);
        for (int i = 0; i < prepared.Length; i++)
            prepared[i].ShouldBe(double.IsNaN(Missing[i]) ? filled : Missing[i], 1e-12);
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(3_000)]
    public void Medians_and_quartiles_of_many_columns_are_those_of_sorted_values(int width)
    {
        const int Rows = 5;
        ImmutableArray<RowColumn> columns = [.. Enumerable.Range(0, width).Select(column => new RowColumn($"c{column}"))];
        // Both signs, magnitudes far apart, and ties.
        double[] values = [.. Enumerable.Range(0, Rows * width).Select(i => Math.ScaleB((i * 7919 % 31) - 15, i % 40))];
        double[] prepared = PreparedCase.FitAndPrepare("scale=robust", columns, values);
        for (int column = 0; column < width; column++)
        {
            double[] sorted = [.. Enumerable.Range(0, Rows).Select(row => values[(row * width) + column]).Order()];
            double unit = sorted[3] - sorted[1] is var range && range == 0 ? 1 : range;
            for (int row = 0; row < Rows; row++)
                prepared[(row * width) + column].ShouldBe((values[(row * width) + column] - sorted[2]) / unit);
        }
    }

    [Theory]
    [InlineData("clip=0.01", 1.0072496666843815, 50.21903131486155)]
    [InlineData("clip=0.05..0.99", 1.042908964571022, 50.21903131486155)]
    [InlineData("clip=0.37..1", 1.6165662913658008, 86.22722501209026)]
    public void Values_are_clipped_at_numpys_quantiles(string step, double least, double greatest)
    {
        double[] prepared = PreparedCase.FitAndPrepare($"select=b,{step},impute=1", PreparedCase.Columns, Missing);
        prepared.Where((_, i) => !double.IsNaN(Missing[(4 * i) + 1])).Min().ShouldBe(least, 1e-12);
        prepared.Max().ShouldBe(greatest, 1e-12);
        for (int i = 0; i < prepared.Length; i++)
        {
            if (Missing[(4 * i) + 1] is var value && value > least && value < greatest)
                prepared[i].ShouldBe(value);
        }
    }

    [Fact]
    public void Logarithms_and_roots_are_right_and_undone()
    {
        double[] values = [0, 1e-300, 1e-17, 1e-9, 0.3, 1, 12.5, 1e9, 1e100];
        FittedPreparation log = PreparedCase.Fit("log1p", [new("x")], new RowBlock(values, 1)),
            root = PreparedCase.Fit("sqrt", [new("x")], new RowBlock(values, 1));
        double[] logs = PreparedCase.Prepare(log, [new("x")], new RowBlock(values, 1)), roots = PreparedCase.Prepare(root, [new("x")], new RowBlock(values, 1));
        // numpy.log1p.
        ShouldAgree(logs, [0, 1e-300, 1e-17, 9.999999995e-10, 0.26236426446749106, 0.6931471805599453, 2.6026896854443837, 20.72326583794641,
            230.25850929940458]);
        for (int i = 0; i < values.Length; i++)
        {
            log.Undo([logs[i]]).Values[0].ShouldBe(values[i], 1e-12 * values[i]);
            root.Undo([roots[i]]).Values[0].ShouldBe(values[i], 1e-12 * values[i]);
        }
    }

    [Fact]
    public void A_logarithm_of_too_little_is_refused_with_the_column()
    {
        TrainingException refused = Should.Throw<TrainingException>(() => PreparedCase.FitAndPrepare("log1p", PreparedCase.Columns, Whole));
        refused.Message.ShouldContain("Column 'c' has values down to -1.4161687954328954, and log1p takes values above -1");
    }

    [Theory]
    [InlineData(-1.5, new double[] { -54.94437608767784, -0.25512261678224396, -1.000000082740371e-09, 0, 9.999998754987398e-08, 0.2642122596530873,
        0.6213057455040153, 0.6661657901327322 })]
    [InlineData(0, new double[] { -9.625, -0.22, -1.000000082740371e-09, 0, 9.999999500000033e-08, 0.3364722366212129, 1.791759469228055, 4.795790545596741 })]
    [InlineData(0.3, new double[] { -6.997756211014429, -0.21373668978745075, -1.000000082740371e-09, 0, 9.999999643165817e-08, 0.35404038539997407,
        2.3725661980323505, 10.717897110306332 })]
    [InlineData(1, new double[] { -3.5, -0.2, -1e-9, 0, 1e-7, 0.4, 5, 120 })]
    [InlineData(2, new double[] { -1.504077396776274, -0.18232155679395465, -9.999999995e-10, 0, 1.0000000505439033e-07, 0.48, 17.5, 7320 })]
    [InlineData(2.7, new double[] { -0.9300851591781993, -0.17116670423897842, -1.0000000827403708e-09, 0, 1.0000000852075333e-07, 0.5483470093671481,
        46.364884115058885, 155652.35730011042 })]
    public void Powers_are_scipys(double exponent, double[] expected)
    {
        double[] values = [-3.5, -0.2, -1e-9, 0, 1e-7, 0.4, 5, 120];
        for (int i = 0; i < values.Length; i++)
            YeoJohnson.Transform(values[i], exponent).ShouldBe(expected[i], (1e-12 * Math.Abs(expected[i])) + 1e-15);
    }

    /// <summary>The exponents are of greatest likelihood, found by bisection in 80-bit arithmetic; scikit-learn's own are less near to it than these.</summary>
    [Fact]
    public void Exponents_of_powers_are_the_likeliest()
    {
        FittedPreparation fitted = PreparedCase.Fit("yeojohnson", PreparedCase.Columns, new RowBlock(Whole, 4));
        double[] exponents = [.. fitted.Steps[0].Numbers["exponents"]],
            expected = [0.779063321634401, -1.1068027237213758, 0.8870716619885982, 0.848534571919669];
        for (int j = 0; j < expected.Length; j++)
            exponents[j].ShouldBe(expected[j], 1e-7);
        double[] first = Row(PreparedCase.Prepare(fitted, PreparedCase.Columns, new RowBlock(Whole, 4)), 0, 4);
        for (int j = 0; j < 4; j++)
            fitted.Undo(first).Values[j].ShouldBe(Whole[j], 1e-10 * Math.Abs(Whole[j]));
    }

    [Theory]
    [InlineData(0, 0.8616253482774734, 0.04666301785623885, 0.007452758584432988, 0.5053402599830666)]
    [InlineData(2, 0.9329027522121054, 0.012901991655307365, -0.010671241779699697, 0.3597389583090557)]
    public void Rows_of_length_1_are_scikit_learns(int row, double a, double b, double c, double d) =>
        ShouldAgree(Row(PreparedCase.FitAndPrepare("unit", PreparedCase.Columns, Whole), row, 4), [a, b, c, d]);

    [Fact]
    public void Principal_axes_are_scikit_learns()
    {
        double[] wide = Three();
        FittedPreparation fitted = PreparedCase.Fit("pca", [.. PreparedCase.Columns[..3]], new RowBlock(wide, 3));
        StepRecord record = fitted.Steps[0];
        ShouldAgree([.. record.Numbers["variances"]], [833.1270708881867, 237.9517125417253, 84.67359046761054], 1e-10);
        ShouldAgree([.. record.Numbers["shares"]], [0.7208525716271278, 0.2058846842246018, 0.07326274414827058], 1e-10);
        // Up to signs, of which ours is that the greatest magnitude is positive.
        double[] axes = [.. record.Numbers["axes"]];
        double[] others =
        [
            0.9996296438082675, 0.006403798286801907, 0.026449321111477672, -0.026217695304137176, -0.033892830530642626, 0.9990815324544641,
                -0.0072943589639891905, 0.9994049566647762,
            0.03371238527872755,
        ];
        for (int i = 0; i < others.Length; i++)
            axes[i].ShouldBe(others[i], 1e-10);
        double[] prepared = PreparedCase.Prepare(fitted, [.. PreparedCase.Columns[..3]], new RowBlock(wide, 3));
        double[] zeroth = [8.645101695220616, 14.61272685266838, -1.2767313273651144], seventh = [-49.3031089730027, -13.173716820288217, -3.9561702484032715];
        for (int j = 0; j < 3; j++)
        {
            prepared[j].ShouldBe(zeroth[j], 1e-8);
            prepared[21 + j].ShouldBe(seventh[j], 1e-8);
            fitted.Undo(prepared.AsSpan(21, 3)).Values[j].ShouldBe(wide[21 + j], 1e-10);
        }

        fitted.Undo(prepared.AsSpan(21, 3)).Names.ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData("pca=0.9", 2)]
    [InlineData("pca=0.7", 1)]
    [InlineData("pca=0.95", 3)]
    [InlineData("pca=2", 2)]
    [InlineData("whiten=2", 2)]
    public void As_many_axes_are_kept_as_are_wanted(string step, int kept) =>
        PreparedCase.Fit(step, [.. PreparedCase.Columns[..3]], new RowBlock(Three(), 3)).Outputs.Length.ShouldBe(kept);

    [Fact]
    public void Whitened_rows_are_scikit_learns()
    {
        double[] prepared = PreparedCase.FitAndPrepare("whiten", [.. PreparedCase.Columns[..3]], Three());
        ShouldAgree(prepared[..3], [0.2995121766167136, 0.9472984985661312, -0.13874761512617476], 1e-8);
        ShouldAgree(prepared[21..24], [-1.7081212000824502, -0.8540118685730164, -0.42993320147623], 1e-8);
    }

    [Fact]
    public void Selected_columns_come_in_their_order() =>
        Row(PreparedCase.FitAndPrepare("select=d+a", PreparedCase.Columns, Missing), 3, 2).ShouldBe([Missing[15], Missing[12]]);

    [Fact]
    public void Weighed_columns_are_multiplied()
    {
        FittedPreparation fitted = PreparedCase.Fit("weigh=2.5:a+c", PreparedCase.Columns, new RowBlock(Whole, 4));
        double[] row = Row(PreparedCase.Prepare(fitted, PreparedCase.Columns, new RowBlock(Whole, 4)), 4, 4);
        row.ShouldBe([Whole[16] * 2.5, Whole[17], Whole[18] * 2.5, Whole[19]]);
        ShouldAgree([.. fitted.Undo(row).Values], Whole[16..20]);
    }

    [Fact]
    public void Missing_values_are_indicated_before_they_are_filled_in()
    {
        FittedPreparation fitted = PreparedCase.Fit("indicator,impute=median", PreparedCase.Columns, new RowBlock(Missing, 4));
        fitted.Outputs.ShouldBe(["a", "b", "c", "d", "b missing"]);
        double[] prepared = PreparedCase.Prepare(fitted, PreparedCase.Columns, new RowBlock(Missing, 4));
        for (int i = 0; i < PreparedCase.Rows; i++)
            prepared[(5 * i) + 4].ShouldBe(double.IsNaN(Missing[(4 * i) + 1]) ? 1 : 0);
    }

    [Fact]
    public void Weights_count_as_rows_do()
    {
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, PreparedCase.Rows).Select(_ => (double)random.Next(4))];
        double[] repeated = [.. Enumerable.Range(0, PreparedCase.Rows)
            .SelectMany(i => Enumerable.Repeat(Whole[(4 * i)..((4 * i) + 4)], (int)weights[i]).SelectMany(row => row))];
        StepRecord weighted = PreparedCase.Fit("scale=standard", PreparedCase.Columns, new RowBlock(Whole, 4, weights)).Steps[0];
        StepRecord plain = PreparedCase.Fit("scale=standard", PreparedCase.Columns, new RowBlock(repeated, 4)).Steps[0];
        ShouldAgree([.. weighted.Numbers["shifts"]], [.. plain.Numbers["shifts"]]);
        ShouldAgree([.. weighted.Numbers["units"]], [.. plain.Numbers["units"]]);
    }

    [Fact]
    public void A_constant_column_is_only_shifted()
    {
        double[] values = [.. Enumerable.Range(0, 30).SelectMany(i => new[] { 0.1, i })];
        PreparedCase.FitAndPrepare("scale=standard", [new("x"), new("y")], values).Where((_, i) => i % 2 == 0).ShouldAllBe(value => value == 0);
    }

    private static double[] Three() =>
        [.. Enumerable.Range(0, PreparedCase.Rows).SelectMany(i => new[] { Whole[4 * i], Whole[(4 * i) + 1], 30 * Whole[(4 * i) + 2] })];

    private static double[] Row(double[] values, int row, int columns) => values[(row * columns)..((row + 1) * columns)];

    private static void ShouldAgree(double[] values, double[] expected, double tolerance = 1e-12)
    {
        values.Length.ShouldBe(expected.Length);
        for (int i = 0; i < values.Length; i++)
            values[i].ShouldBe(expected[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}
