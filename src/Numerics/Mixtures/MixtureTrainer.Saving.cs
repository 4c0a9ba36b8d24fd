using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>The whole state as bytes, so that a training goes on elsewhere with the same bits.</summary>
public sealed partial class MixtureTrainer
{
    private const string Magic = "OCMT";
    private const byte Version = 2;

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Int32(columns);
        spec.Write(writer);
        writer.Byte((byte)stage);
        writer.Doubles(origins);
        writer.Doubles(variances);
        writer.Int32(restart);
        writer.Int32(iteration);
        WriteOptional(writer, clusters?.Save());
        writer.Doubles(centres);
        writer.Boolean(current is not null);
        current?.Write(writer);
        writer.Double(previousObjective);
        writer.Int32s(floorHits);
        writer.Int32(reseeds);
        writer.Boolean(stayed);
        writer.Boolean(collapse is not null);
        collapse?.Write(writer);
        writer.String(stop);
        log.Write(writer);
        writer.Boolean(best is not null);
        best?.Write(writer);
        return writer.ToArray();
    }

    /// <summary>A training as it was when it was saved.</summary>
    /// <param name="state">What <see cref="Save"/> returned.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a mixture's training, or damaged.</exception>
    public static MixtureTrainer Restore(ReadOnlyMemory<byte> state)
    {
        var reader = new ByteReader(state);
        byte version = reader.Header(Magic, Version);
        int columns = reader.Int32();
        var trainer = new MixtureTrainer(MixtureSpec.Read(reader, weights: version > 1), columns)
        {
            stage = (Stage)reader.Byte(),
            origins = reader.Doubles(),
            variances = reader.Doubles(),
            restart = reader.Int32(),
            iteration = reader.Int32(),
            clusters = reader.Boolean() ? KMeansTrainer.Restore(reader.Bytes()) : null,
            centres = reader.Doubles(),
            current = reader.Boolean() ? MixtureParameters.Read(reader) : null,
            previousObjective = reader.Double(),
            floorHits = reader.Int32s(),
            reseeds = reader.Int32(),
            stayed = reader.Boolean(),
            collapse = reader.Boolean() ? Collapse.Read(reader, lost: version > 1) : null,
            stop = reader.String(),
        };
        if (!Enum.IsDefined(trainer.stage))
            throw new InvalidDataException("The state of a mixture's training is damaged: it names no stage.");
        if (trainer.stage is not (Stage.Survey or Stage.Scale))
            trainer.maximization = new Maximization(trainer.origins, trainer.variances, trainer.spec.Regularization);
        trainer.log.Read(reader, asOne: version == 1);
        trainer.best = reader.Boolean() ? MixtureCandidate.Read(reader) : null;
        reader.End();
        return trainer;
    }

    private static void WriteOptional(ByteWriter writer, byte[]? bytes)
    {
        writer.Boolean(bytes is not null);
        if (bytes is not null)
            writer.Bytes(bytes);
    }
}
