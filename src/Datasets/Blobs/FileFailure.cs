namespace OrleansCluster.Datasets;

/// <summary>Why the file system refused, in words, with what to do about it.</summary>
public static class FileFailure
{
    private const int UnixNoSpace = 28, UnixQuota = 122, UnixReadOnly = 30, WindowsNoSpace = unchecked((int)0x80070070);

    public static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "permission is denied. Give this user access to it, or use another place.",
        DirectoryNotFoundException => "its folder does not exist. Create the folder, or correct the name.",
        FileNotFoundException => "there is no such file. Correct the name.",
        PathTooLongException => "its name is too long. Choose a shorter one.",
        IOException { HResult: UnixNoSpace or UnixQuota or WindowsNoSpace } => "the disk is full. Free some space there, or use another place.",
        IOException { HResult: UnixReadOnly } => "the disk is read-only. Use another place.",
        _ => e.Message,
    };
}
