using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace OrleansCluster.Bench.Load;

/// <summary>Streams rows into a service and their labels out of it.</summary>
internal static class BulkLoad
{
    private const int BlockRows = 16_384;

    /// <summary>Rows a second of a body of so many rows of float32.</summary>
    /// <param name="format">npy or arrow.</param>
    public static async Task<(double RowsPerSecond, string Problem)> RunAsync(string format, IPEndPoint server, string model, int columns, int blocks)
    {
        (byte[] head, byte[] block, byte[] tail) = format == "npy" ? Npy(columns, blocks) : Arrow(columns);
        using Socket socket = Line.Connect(server);
        long length = head.Length + ((long)block.Length * blocks) + tail.Length;
        byte[] request = Encoding.ASCII.GetBytes(
            $"POST /api/v1/models/{model}/assign HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/octet-stream\r\n"
                + $"Accept: application/octet-stream\r\nConnection: close\r\nContent-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        long begun = Stopwatch.GetTimestamp();
        Task<(long Bytes, string Head)> reading = ReadAsync(socket);
        try
        {
            await SendAsync(socket, request).ConfigureAwait(false);
            await SendAsync(socket, head).ConfigureAwait(false);
            for (int i = 0; i < blocks && !reading.IsCompleted; i++)
                await SendAsync(socket, block).ConfigureAwait(false);
            await SendAsync(socket, tail).ConfigureAwait(false);
        }
        catch (SocketException) when (reading.IsCompletedSuccessfully)
        {
            // It was refused while it was sent; why stands in the answer.
        }

        (long bytes, string answer) = await reading.ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        long rows = (long)BlockRows * blocks;
        // Labels, besides what frames them.
        return HttpTalk.Status(Encoding.ASCII.GetBytes(answer)) == 200 && bytes >= rows * sizeof(int)
            ? (rows / seconds, "")
            : (0, $"{bytes} bytes: {answer}");
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
    }

    private static async Task<(long Bytes, string Head)> ReadAsync(Socket socket)
    {
        var buffer = new byte[256 << 10];
        (long bytes, string head) = (0, "");
        while (await socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false) is > 0 and var more)
        {
            if (bytes == 0)
                head = Encoding.ASCII.GetString(buffer, 0, Math.Min(more, 400));
            bytes += more;
        }

        return (bytes, head);
    }

    private static float[] Values(int columns)
        => [.. Enumerable.Range(0, BlockRows).SelectMany(row => Questions.Row(columns, row))];

    private static (byte[] Head, byte[] Block, byte[] Tail) Npy(int columns, int blocks)
    {
        string text = FormattableString.Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({(long)BlockRows * blocks}, {columns}), }}");
        text = text.PadRight(((10 + text.Length + 1 + 63) / 64 * 64) - 11) + "\n";
        byte[] head = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text)];
        return (head, MemoryMarshal.AsBytes<float>(Values(columns)).ToArray(), []);
    }

    /// <summary>Parts of a stream: what is before its batches, one batch, and what ends it.</summary>
    private static (byte[] Head, byte[] Block, byte[] Tail) Arrow(int columns)
    {
        var schema = new Schema([.. Enumerable.Range(0, columns).Select(j => new Field("c" + j, FloatType.Default, nullable: false))], metadata: null);
        float[] values = Values(columns);
        IArrowArray[] arrays = [.. Enumerable.Range(0, columns).Select(j =>
            (IArrowArray)new FloatArray.Builder().AppendRange(Enumerable.Range(0, BlockRows).Select(row => values[(row * columns) + j])).Build())];
        using var batch = new RecordBatch(schema, arrays, BlockRows);
        byte[] none = Stream(schema, []), one = Stream(schema, [batch]);
        const int end = 8;
        return (none[..^end], one[(none.Length - end)..^end], one[^end..]);
    }

    private static byte[] Stream(Schema schema, RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (RecordBatch batch in batches)
                writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return stream.ToArray();
    }
}
