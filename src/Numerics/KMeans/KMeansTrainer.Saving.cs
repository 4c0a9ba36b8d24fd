using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The whole state as bytes, so that a training goes on elsewhere with the same bits.</summary>
public sealed partial class KMeansTrainer
{
    private const string Magic = "OCKT";
    private const byte Version = 2;

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Int32(columns);
        spec.Write(writer);
        writer.Byte((byte)stage);
        WriteSurvey(writer);
        writer.Int64(lightRows);
        writer.Int32(restart);
        writer.Int32(iteration);
        if (stage == Stage.Start)
            start!.Write(writer);
        writer.Doubles(current);
        writer.Boolean(previous is not null);
        if (previous is not null)
            writer.Doubles(previous);
        writer.Boolean(waiting is not null);
        if (waiting is not null)
            writer.Bytes(waiting);
        writer.String(stop);
        tally.Write(writer);
        log.Write(writer);
        writer.Boolean(best is not null);
        best?.Write(writer);
        return writer.ToArray();
    }

    /// <summary>A training as it was when it was saved.</summary>
    /// <param name="state">What <see cref="Save"/> returned.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a k-means training, or damaged.</exception>
    public static KMeansTrainer Restore(ReadOnlyMemory<byte> state)
    {
        var reader = new ByteReader(state);
        byte version = reader.Header(Magic, Version);
        int columns = reader.Int32();
        var trainer = new KMeansTrainer(KMeansSpec.Read(reader), columns) { stage = (Stage)reader.Byte() };
        trainer.ReadSurvey(reader);
        if (version > 1)
            trainer.lightRows = reader.Int64();
        trainer.restart = reader.Int32();
        trainer.iteration = reader.Int32();
        if (trainer.stage == Stage.Start)
            trainer.start = trainer.ReadStart(reader);
        trainer.current = reader.Doubles();
        trainer.previous = reader.Boolean() ? reader.Doubles() : null;
        trainer.waiting = reader.Boolean() ? reader.Bytes() : null;
        trainer.stop = reader.String();
        trainer.tally = EmptyTally.Read(reader);
        trainer.log.Read(reader, asOne: version == 1);
        trainer.best = reader.Boolean() ? Candidate.Read(reader) : null;
        reader.End();
        return trainer;
    }

    private void WriteSurvey(ByteWriter writer)
    {
        if (stage == Stage.Ranges)
            return;
        writer.Double(greatestWeight);
        writer.Frame(frame);
        if (stage == Stage.Moments)
            return;
        writer.Bytes(moments.Totals.Encode().Memory.Span);
    }

    private void ReadSurvey(ByteReader reader)
    {
        if (stage == Stage.Ranges)
            return;
        greatestWeight = reader.Double();
        frame = reader.Frame();
        if (stage == Stage.Moments)
            return;
        EndMoments(new Moments(Statistic.Decode<ExactTotals>(reader.Bytes())));
    }
}
