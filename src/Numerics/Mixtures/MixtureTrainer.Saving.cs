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
        writer.Int32(_columns);
        _spec.Write(writer);
        writer.Byte((byte)_stage);
        writer.Doubles(_origins);
        writer.Doubles(_variances);
        writer.Int32(_restart);
        writer.Int32(_iteration);
        WriteOptional(writer, _clusters?.Save());
        writer.Doubles(_centres);
        writer.Boolean(_current is not null);
        _current?.Write(writer);
        writer.Double(_previousObjective);
        writer.Int32s(_floorHits);
        writer.Int32(_reseeds);
        writer.Boolean(_stayed);
        writer.Boolean(_collapse is not null);
        _collapse?.Write(writer);
        writer.String(_stop);
        _log.Write(writer);
        writer.Boolean(_best is not null);
        _best?.Write(writer);
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
            _stage = (Stage)reader.Byte(),
            _origins = reader.Doubles(),
            _variances = reader.Doubles(),
            _restart = reader.Int32(),
            _iteration = reader.Int32(),
            _clusters = reader.Boolean() ? KMeansTrainer.Restore(reader.Bytes()) : null,
            _centres = reader.Doubles(),
            _current = reader.Boolean() ? MixtureParameters.Read(reader) : null,
            _previousObjective = reader.Double(),
            _floorHits = reader.Int32s(),
            _reseeds = reader.Int32(),
            _stayed = reader.Boolean(),
            _collapse = reader.Boolean() ? Collapse.Read(reader, lost: version > 1) : null,
            _stop = reader.String(),
        };
        if (!Enum.IsDefined(trainer._stage))
            throw new InvalidDataException("The state of a mixture's training is damaged: it names no stage.");
        if (trainer._stage is not (Stage.Survey or Stage.Scale))
            trainer._maximization = new Maximization(trainer._origins, trainer._variances, trainer._spec.Regularization);
        trainer._log.Read(reader, asOne: version == 1);
        trainer._best = reader.Boolean() ? MixtureCandidate.Read(reader) : null;
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
