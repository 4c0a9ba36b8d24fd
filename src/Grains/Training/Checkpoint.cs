using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>
/// A job between two steps: magic, format version, job, the trainer's state and the trace. The job's name makes the content the job's own, so that
/// an old checkpoint can be deleted without asking who else names it.
/// </summary>
internal sealed record Checkpoint(ReadOnlyMemory<byte> Trainer, TrainingTrace Trace)
{
    private const string Magic = "OC-CHECKPOINT";
    private const int Version = 1;

    public static byte[] Encode(string job, ITrainer trainer, TrainingTrace trace)
    {
        byte[] saved = trainer.Save();
        byte[] head = Written(writer =>
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(job);
            writer.Write(saved.Length);
        });
        byte[] tail = Written(trace.Write);
        // Megabytes at times: a stream that grows would copy them several times.
        byte[] whole = GC.AllocateUninitializedArray<byte>(head.Length + saved.Length + tail.Length);
        head.CopyTo(whole, 0);
        saved.CopyTo(whole, head.Length);
        tail.CopyTo(whole, head.Length + saved.Length);
        return whole;
    }

    private static byte[] Written(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this job, or one of a newer program.</exception>
    public static Checkpoint Decode(string job, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (reader.ReadString() != Magic)
                throw new InvalidDataException("It is no checkpoint.");
            if (reader.ReadInt32() is var version and not Version)
                throw new InvalidDataException($"It has format {version}, this program reads {Version}.");
            if (reader.ReadString() is var owner && owner != job)
                throw new InvalidDataException($"It belongs to the job '{owner}'.");
            int length = reader.ReadInt32();
            byte[] trainer = reader.ReadBytes(length);
            return trainer.Length == length
                ? new Checkpoint(trainer, TrainingTrace.Read(reader))
                : throw new InvalidDataException("It ends too early.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("It ends too early.", e);
        }
    }
}
