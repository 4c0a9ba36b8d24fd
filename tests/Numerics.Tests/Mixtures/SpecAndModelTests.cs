using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Mixtures;

public sealed class SpecAndModelTests
{
    [Fact]
    public void A_spec_that_exists_is_valid()
    {
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(0)).Message.ShouldContain("k is 0");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, regularization: -1)).Message.ShouldContain("regularization is -1");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, regularization: 1)).Message.ShouldContain("below 1");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, tolerance: double.NaN)).Message.ShouldContain("tolerance is NaN");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, maxIterations: 0)).Message.ShouldContain("at least 1");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, restarts: 0)).Message.ShouldContain("at least 1");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, contamination: 1)).Message.ShouldContain("contamination is 1");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, initialMeans: new double[2])).Message.ShouldContain("does not use them");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, init: MixtureInit.Given))
            .Message.ShouldContain("0 values are not the means of 2 components");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, init: MixtureInit.Given, initialMeans: new[] { 1, double.NaN }))
            .Message.ShouldContain("Value 2");
        Should.Throw<ArgumentException>(() => MixtureSpec.Create(2, init: MixtureInit.Given, initialMeans: new double[2], restarts: 3))
            .Message.ShouldContain("every restart is the same");
        Should.Throw<ArgumentException>(() => new MixtureTrainer(MixtureSpec.Create(2, init: MixtureInit.Given, initialMeans: new double[4]), 3))
            .Message.ShouldContain("have 2 columns, the rows 3");
        Should.Throw<ArgumentException>(() => CovarianceForms.Parse("diagonal")).Message.ShouldContain("use full, tied, diag or spherical");
    }

    [Fact]
    public void A_statistic_that_cannot_fit_is_refused_with_the_bytes_and_the_forms_that_would()
    {
        string message = Should.Throw<ArgumentException>(() => new MixtureTrainer(MixtureSpec.Create(64), 10_000)).Message;
        message.ShouldContain("The statistic of 64 full components in 10000 columns takes 25,607,680,512 bytes, more than the 1,073,741,824 allowed");
        message.ShouldContain("use tied (405,160,512 bytes) or diag (10,240,512 bytes) or spherical (10,240,512 bytes)");
        Should.Throw<ArgumentException>(() => MixtureSize.Check(CovarianceForm.Spherical, 1_000_000, 1000, 1 << 20))
            .Message.ShouldContain("ask for fewer components or columns");
    }

    [Fact]
    public void Sizes_and_free_parameters_are_those_of_the_forms()
    {
        CovarianceForm.Full.FreeParameters(3, 4).ShouldBe(2 + 12 + 30);
        CovarianceForm.Tied.FreeParameters(3, 4).ShouldBe(2 + 12 + 10);
        CovarianceForm.Diagonal.FreeParameters(3, 4).ShouldBe(2 + 12 + 12);
        CovarianceForm.Spherical.FreeParameters(3, 4).ShouldBe(2 + 12 + 3);
        foreach (CovarianceForm form in MixtureCase.Forms)
            CovarianceForms.Parse(form.Name()).ShouldBe(form);
    }

    [Fact]
    public void A_model_survives_its_encoding()
    {
        foreach (CovarianceForm form in MixtureCase.Forms)
        {
            var model = new MixtureModel(MixtureCase.Parameters(91, form, 3, 4, 2), -12.5, 0.01);
            MixtureModel read = MixtureModel.Decode(model.Encode());
            read.Digest.ShouldBe(model.Digest);
            (read.Threshold, read.Contamination).ShouldBe((-12.5, 0.01));
            read.Covariances().ShouldBe(model.Covariances());
            read.Means().ShouldBe(model.Means());
            byte[] bytes = model.Encode();
            Should.Throw<InvalidDataException>(() => MixtureModel.Decode(bytes.AsMemory(0, bytes.Length - 1)));
            bytes[0] = 0;
            Should.Throw<InvalidDataException>(() => MixtureModel.Decode(bytes));
        }
    }

    [Fact]
    public void Covariances_are_expanded_as_numpy_libraries_shape_them()
    {
        MixtureParameters tied = MixtureCase.Parameters(92, CovarianceForm.Tied, 2, 3, 1);
        double[] expanded = new MixtureModel(tied).Covariances();
        expanded.Length.ShouldBe(9);
        expanded[1].ShouldBe(expanded[3]);
        expanded[5].ShouldBe(tied.Covariance(1, 1, 2));
        new MixtureModel(MixtureCase.Parameters(93, CovarianceForm.Full, 2, 3, 1)).Covariances().Length.ShouldBe(18);
        new MixtureModel(MixtureCase.Parameters(94, CovarianceForm.Spherical, 2, 3, 1)).Covariances().Length.ShouldBe(2);
    }

    [Fact]
    public void The_digest_is_of_the_parameters_alone_and_knows_one_zero()
    {
        var parameters = new MixtureParameters(CovarianceForm.Spherical, [0.0], [1], [0], [2]);
        var negative = new MixtureParameters(CovarianceForm.Spherical, [-0.0], [1], [-0.0], [2]);
        new MixtureModel(parameters, -3).Digest.ShouldBe(new MixtureModel(negative, -4).Digest);
        Should.Throw<ArgumentException>(() => new MixtureModel(new MixtureParameters(CovarianceForm.Spherical, [0], [1], [double.NaN], [2])))
            .Message.ShouldContain("mean");
    }

    [Fact]
    public void A_damaged_step_or_state_is_refused()
    {
        var trainer = new MixtureTrainer(MixtureSpec.Create(2), 2);
        byte[] state = trainer.Save();
        Should.Throw<InvalidDataException>(() => MixtureTrainer.Restore(state.AsMemory(0, state.Length - 3)));
        Should.Throw<InvalidDataException>(() => MixtureTrainer.Restore("OCMT"u8.ToArray()));
        var worker = new MixtureShardWorker(new RowBlock(new double[6], 3));
        Should.Throw<InvalidDataException>(() => worker.Execute(trainer.Next!, Sequential.Instance))
            .Message.ShouldContain("A step for 2 columns met rows of 3");
        byte[] bytes = trainer.Next!.Bytes.ToArray();
        bytes[5] = 77;
        Should.Throw<InvalidDataException>(() => worker.Execute(new EncodedStep("", bytes), Sequential.Instance));
    }
}
