using System.Security.Cryptography;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Mixtures.Steps;

/// <summary>Where responsibilities come from. Values are part of the format.</summary>
internal enum ResponsibilitySource : byte
{
    /// <summary>One component has every row.</summary>
    Whole = 1,

    /// <summary>A row belongs to the nearest of k centres.</summary>
    Nearest = 2,

    /// <summary>Drawn for each row and component.</summary>
    Random = 3,

    /// <summary>Bayes' rule under a mixture's parameters.</summary>
    Posterior = 4,
}

/// <summary>What a step makes of the rows. Values are part of the format.</summary>
internal enum MixtureReduction : byte
{
    /// <summary><see cref="ComponentMoments"/>.</summary>
    Moments = 1,

    /// <summary><see cref="MixtureSummary"/>; from posteriors only.</summary>
    Summary = 2,

    /// <summary>The rows that belong most surely to one component.</summary>
    Locate = 3,

    /// <summary>Rows drawn at random by weight.</summary>
    Draw = 4,
}

/// <summary>One pass over the rows for a mixture. With a shard's rows it determines the answer.</summary>
internal sealed record MixtureStep
{
    private const string Magic = "OCMS";
    private const byte Version = 1;

    public required ResponsibilitySource Source { get; init; }

    public required MixtureReduction Reduction { get; init; }

    /// <summary>Which second moments are summed.</summary>
    public required CovarianceForm Form { get; init; }

    public required int K { get; init; }

    /// <summary>What is subtracted from each column.</summary>
    public required double[] Origins { get; init; }

    /// <summary>For <see cref="ResponsibilitySource.Nearest"/>: k × d, as they are.</summary>
    public double[] Centres { get; init; } = [];

    /// <summary>For <see cref="ResponsibilitySource.Posterior"/>.</summary>
    public MixtureParameters? Parameters { get; init; }

    /// <summary>For draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>For draws.</summary>
    public int Restart { get; init; }

    /// <summary>For <see cref="MixtureReduction.Draw"/>: which draw.</summary>
    public int Round { get; init; }

    /// <summary>For <see cref="MixtureReduction.Locate"/>: which component.</summary>
    public int Component { get; init; }

    /// <summary>Greatest number of rows of a selection.</summary>
    public int Limit { get; init; }

    public EncodedStep Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Byte((byte)Source);
        writer.Byte((byte)Reduction);
        writer.Byte((byte)Form);
        writer.Int32(K);
        writer.Doubles(Origins);
        writer.Doubles(Centres);
        writer.Boolean(Parameters is not null);
        Parameters?.Write(writer);
        writer.Int64((long)Seed);
        writer.Int32(Restart);
        writer.Int32(Round);
        writer.Int32(Component);
        writer.Int32(Limit);
        byte[] bytes = writer.ToArray();
        return new EncodedStep(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    /// <summary>Whether the bytes are a step of a mixture; otherwise they may be one of the k-means run that starts it.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith("OCMS"u8);

    /// <exception cref="InvalidDataException">The bytes are no step of a mixture, or damaged.</exception>
    public static MixtureStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var step = new MixtureStep
        {
            Source = (ResponsibilitySource)reader.Byte(),
            Reduction = (MixtureReduction)reader.Byte(),
            Form = (CovarianceForm)reader.Byte(),
            K = reader.Int32(),
            Origins = reader.Doubles(),
            Centres = reader.Doubles(),
            Parameters = reader.Boolean() ? MixtureParameters.Read(reader) : null,
            Seed = (ulong)reader.Int64(),
            Restart = reader.Int32(),
            Round = reader.Int32(),
            Component = reader.Int32(),
            Limit = reader.Int32(),
        };
        reader.End();
        bool sound = Enum.IsDefined(step.Source) && Enum.IsDefined(step.Reduction) && Enum.IsDefined(step.Form) && step.K >= 1
            && (step.Source != ResponsibilitySource.Nearest || step.Centres.Length == (long)step.K * step.Origins.Length)
            && (step.Source != ResponsibilitySource.Posterior || (step.Parameters is { } p && p.K == step.K && p.Columns == step.Origins.Length))
            && (step.Reduction != MixtureReduction.Summary || step.Source == ResponsibilitySource.Posterior);
        return sound ? step : throw new InvalidDataException("The step of a mixture is damaged: its parts do not agree.");
    }
}
