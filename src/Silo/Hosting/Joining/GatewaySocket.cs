using System.Net.Sockets;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Joining;

/// <summary>
/// A socket in the file system at which a home's owner is joined. It needs no port and no secret: its folder is for this user alone (mode 700; on
/// Windows, for whoever may open the home's files).
/// </summary>
internal static class GatewaySocket
{
    private const string Name = "socket";
    private const string Prefix = "orleanscluster-gateway-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Listens in the home; elsewhere, in a folder of the user's own for temporary files, where the home's path is too long or its disk has no sockets.
    /// </summary>
    /// <returns>The listening socket and its path; null when neither is possible, so that nobody can join.</returns>
    public static (Socket Socket, string Path)? Listen(HomeLayout home)
    {
        if (TryListen(home.Gateway) is { } near)
            return near;
        try
        {
            string folder = Directory.CreateTempSubdirectory(Prefix).FullName;
            if (TryListen(folder) is { } far)
                return far;
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no place for one.
        }

        return null;
    }

    /// <summary>Connects to an owner; null when nobody answers there.</summary>
    public static async Task<Socket?> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the socket of an owner that is gone, and its folder. Call it as the owner of the home.</summary>
    /// <param name="home">The home.</param>
    /// <param name="path">Where that owner listened; empty when it is not known.</param>
    public static void Remove(HomeLayout home, string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        Remove(home.Gateway);
        // The note could say anything; only what is called as our folders are is taken away, and only when nothing else is in it.
        if (Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal))
            Remove(folder);
    }

    private static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            File.Delete(Path.Combine(folder, Name));
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is another user's: then it cannot be listened at either, and another place is found.
        }
    }

    private static (Socket Socket, string Path)? TryListen(string folder)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnly);
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(folder) != OwnerOnly)
                throw new IOException($"{folder} is open to others.");
            string path = Path.Combine(folder, Name);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen();
            return (socket, path);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            return null;
        }
    }
}
