using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Runs that start from the parameters of a run before.</summary>
public sealed class ContinuationTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_run_that_goes_on_from_a_model_ends_with_the_bits_of_one_that_never_stopped(CovarianceForm form)
    {
        var rows = new RowBlock(MixtureCase.Clusters(91, 3000, 3, 3, 4), 3);
        double[] means = MixtureCase.EveryNth(rows, 3);
        MixtureResult whole = MixtureCase.Train(Given(7), rows).Result!;
        MixtureResult half = MixtureCase.Train(Given(3), rows).Result!;
        MixtureResult rest = MixtureCase.Train(GoingOn(half.Model, 4), rows).Result!;
        rest.Model.Digest.ShouldBe(whole.Model.Digest);
        rest.Objective.ShouldBe(whole.Objective);
        rest.Model.Digest.ShouldNotBe(half.Model.Digest);

        MixtureSpec Given(int iterations) => MixtureSpec.Create(3, form, MixtureInit.Given, means, tolerance: 0, maxIterations: iterations);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_first_objective_is_that_of_the_parameters_on_these_rows(CovarianceForm form)
    {
        // Rows elsewhere, so that the origins differ.
        MixtureModel model = MixtureCase.Train(
            MixtureSpec.Create(3, form, seed: 2, maxIterations: 5), new RowBlock(MixtureCase.Clusters(92, 3000, 3, 3, 4), 3)).Result!.Model;
        var others = new RowBlock(MixtureCase.Clusters(92, 2000, 3, 3, 4, offset: 0.7), 3);
        double? first = null;
        MixtureCase.Train(GoingOn(model, 1), others, told: told => first ??= (told as IterationEnded)?.Objective);
        var densities = new double[others.Rows];
        new MixtureScorer(model).Score(others, 1, densities, new int[others.Rows], default, Sequential.Instance);
        first.ShouldNotBeNull();
        first.Value.ShouldBe(densities.Average(), 1e-11);
    }

    [Fact]
    public void It_can_be_saved_before_and_after_it_began()
    {
        var rows = new RowBlock(MixtureCase.Clusters(93, 2000, 2, 3, 4), 2);
        MixtureModel model = MixtureCase.Train(MixtureSpec.Create(3, seed: 1, maxIterations: 2), rows).Result!.Model;
        MixtureSpec spec = GoingOn(model, 5);
        string expected = MixtureCase.Train(spec, rows).Result!.Model.Digest;
        var trainer = new MixtureTrainer(spec, 2);
        IShardWorker worker = MixtureCase.Workers(rows, int.MaxValue, null)[0];
        while (trainer.Next is { } step)
        {
            trainer = MixtureTrainer.Restore(trainer.Save());
            trainer.Advance(worker.Execute(step, Sequential.Instance), Sequential.Instance);
        }

        trainer.Result!.Model.Digest.ShouldBe(expected);
    }

    [Fact]
    public void Parameters_that_do_not_fit_are_refused()
    {
        MixtureModel model = MixtureCase.Train(MixtureSpec.Create(2, maxIterations: 2), new RowBlock(MixtureCase.Clusters(94, 500, 2, 2, 4), 2)).Result!.Model;
        Refused(() => MixtureSpec.Create(3, model.Form, MixtureInit.Parameters, initialParameters: model.Parameters), "2 components with full covariances");
        Refused(() => MixtureSpec.Create(2, CovarianceForm.Diagonal, MixtureInit.Parameters, initialParameters: model.Parameters), "full covariances");
        Refused(() => MixtureSpec.Create(2, model.Form, MixtureInit.Parameters), "none are given");
        Refused(() => MixtureSpec.Create(2, model.Form, initialParameters: model.Parameters), "does not use them");
        Refused(() => MixtureSpec.Create(2, model.Form, MixtureInit.Parameters, restarts: 2, initialParameters: model.Parameters), "every restart is the same");
        Refused(() => _ = new MixtureTrainer(GoingOn(model, 1), 3), "2 columns, the rows 3");
    }

    private static MixtureSpec GoingOn(MixtureModel model, int iterations) =>
        MixtureSpec.Create(model.K, model.Form, MixtureInit.Parameters, tolerance: 0, maxIterations: iterations, initialParameters: model.Parameters);

    private static void Refused(Action act, string why) => Should.Throw<ArgumentException>(act).Message.ShouldContain(why);
}
