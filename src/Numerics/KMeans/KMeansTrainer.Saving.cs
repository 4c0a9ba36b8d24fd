using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The whole state as bytes, so that a training goes on elsewhere with the same bits.</summary>
public sealed partial class KMeansTrainer
{
    private const byte Version = 2;

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(MagicOf(_spec.Geometry), Version);
        writer.Int32(_columns);
        _spec.Write(writer);
        writer.Byte((byte)_stage);
        WriteSurvey(writer);
        writer.Int64(_lightRows);
        writer.Int32(_restart);
        writer.Int32(_iteration);
        if (_stage == Stage.Start)
            _start!.Write(writer);
        writer.Doubles(_current);
        writer.Boolean(_previous is not null);
        if (_previous is not null)
            writer.Doubles(_previous);
        writer.Boolean(_waiting is not null);
        if (_waiting is not null)
            writer.Bytes(_waiting);
        writer.String(_stop);
        _tally.Write(writer);
        _log.Write(writer);
        writer.Boolean(_best is not null);
        _best?.Write(writer);
        return writer.ToArray();
    }

    /// <summary>A training as it was when it was saved.</summary>
    /// <param name="state">What <see cref="Save"/> returned.</param>
    /// <param name="geometry">That of the training.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a k-means training of that geometry, or damaged.</exception>
    public static KMeansTrainer Restore(ReadOnlyMemory<byte> state, KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        var reader = new ByteReader(state);
        byte version = reader.Header(MagicOf(geometry), Version);
        int columns = reader.Int32();
        var trainer = new KMeansTrainer(KMeansSpec.Read(reader, geometry), columns) { _stage = (Stage)reader.Byte() };
        trainer.ReadSurvey(reader);
        if (version > 1)
            trainer._lightRows = reader.Int64();
        trainer._restart = reader.Int32();
        trainer._iteration = reader.Int32();
        if (trainer._stage == Stage.Start)
            trainer._start = trainer.ReadStart(reader);
        trainer._current = reader.Doubles();
        trainer._previous = reader.Boolean() ? reader.Doubles() : null;
        trainer._waiting = reader.Boolean() ? reader.Bytes() : null;
        trainer._stop = reader.String();
        trainer._tally = EmptyTally.Read(reader);
        trainer._log.Read(reader, asOne: version == 1);
        trainer._best = reader.Boolean() ? Candidate.Read(reader) : null;
        reader.End();
        return trainer;
    }

    private static string MagicOf(KMeansGeometry geometry) => geometry == KMeansGeometry.Sphere ? "OCSK" : "OCKT";

    private void WriteSurvey(ByteWriter writer)
    {
        if (_stage == Stage.Ranges)
            return;
        writer.Double(_greatestWeight);
        writer.Frame(_frame);
        if (_stage == Stage.Moments)
            return;
        writer.Bytes(_moments.Totals.Encode().Memory.Span);
    }

    private void ReadSurvey(ByteReader reader)
    {
        if (_stage == Stage.Ranges)
            return;
        _greatestWeight = reader.Double();
        _frame = reader.Frame();
        if (_stage == Stage.Moments)
            return;
        EndMoments(new Moments(Statistic.Decode<ExactTotals>(reader.Bytes())));
    }
}
