using System.Buffers.Text;
using System.Text;

namespace OrleansCluster.Bench.Load;

/// <summary>HTTP/1.1 with whole requests that were made beforehand.</summary>
internal sealed class HttpTalk(byte[][] requests) : ITalk
{
    /// <summary>Status of an answer.</summary>
    public static int Status(ReadOnlySpan<byte> answer) => Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) ? status : 0;

    public byte[] Begin() => [];

    public ReadOnlySpan<byte> Ask(int number) => requests[number % requests.Length];

    public Told? Read(ReadOnlySpan<byte> came, out int read, out byte[]? reply)
    {
        (read, reply) = (0, null);
        int whole = Whole(came);
        if (whole > came.Length)
            return null;
        read = whole;
        return Status(came) switch
        {
            200 => Told.Answered,
            503 or 504 => Told.TurnedAway,
            _ => Told.Failed,
        };
    }

    /// <summary>Bytes of an answer with its head; as long as the head is not there, more than there can be.</summary>
    private static int Whole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return int.MaxValue;
        ReadOnlySpan<byte> name = "content-length: "u8;
        for (int at = 0; at < head; at += answer[at..].IndexOf((byte)'\n') + 1)
        {
            if (answer.Length - at > name.Length && Ascii.EqualsIgnoreCase(answer.Slice(at, name.Length), name)
                && Utf8Parser.TryParse(answer[(at + name.Length)..], out int length, out _))
                return head + 4 + length;
        }

        return head + 4;
    }
}
