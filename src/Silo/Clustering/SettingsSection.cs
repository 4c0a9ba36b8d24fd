using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Reads settings so that every message names the key.</summary>
internal sealed class SettingsSection(IConfigurationSection section)
{
    public bool IsEmpty => !section.GetChildren().Any();

    public string Text(string key, string otherwise = "") => section[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : otherwise;

    /// <summary>A text that may hold a secret: the key's own, or the line in the file that the key with <c>File</c> after it names.</summary>
    public string Secret(string key)
    {
        (string text, string from) = (Text(key), key + "File");
        string file = Text(from);
        if (file.Length == 0)
            return text;
        if (text.Length > 0)
            throw Wrong(from, $"names a file, and {section.Path}:{key} is given as well: keep one of the two");
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(from, $"names '{file}', which cannot be read: {e.Message}");
        }

        return text.Length > 0 && !text.AsSpan().ContainsAny('\r', '\n')
            ? text
            : throw Wrong(from, $"names '{file}', which must hold one line, the value of {section.Path}:{key}");
    }

    public bool Flag(string key, bool otherwise = false) => Text(key, otherwise ? "true" : "false") switch
    {
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var text => throw Wrong(key, $"is '{text}': give true or false"),
    };

    public int Number(string key, int otherwise, int minimum, int maximum) => (int)Whole(key, otherwise, minimum, maximum);

    public long Long(string key, long otherwise, long minimum) => Whole(key, otherwise, minimum, long.MaxValue);

    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        string text = Text(key, otherwise.ToString());
        return Enum.TryParse(text, ignoreCase: true, out T value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw Wrong(key, $"is '{text}': give one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
    }

    /// <summary>An IP address, or a host name that is looked up.</summary>
    public IPAddress Address(string key, IPAddress otherwise)
    {
        string text = Text(key);
        if (text.Length == 0)
            return otherwise;
        if (IPAddress.TryParse(text, out IPAddress? address))
            return address;
        try
        {
            return Dns.GetHostAddresses(text, System.Net.Sockets.AddressFamily.InterNetwork).FirstOrDefault()
                ?? throw Wrong(key, $"is '{text}', which has no IPv4 address");
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw Wrong(key, $"is '{text}', which is no IP address and cannot be looked up ({e.Message})");
        }
    }

    public IPEndPoint? Endpoint(string key)
    {
        string text = Text(key);
        return text.Length == 0 ? null
            : IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && endpoint.Port != 0 ? endpoint
            : throw Wrong(key, $"is '{text}': give an IP address and a port, as in 127.0.0.1:11111");
    }

    public void RefuseUnknown(params string[] known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw Wrong(child.Key, $"is unknown: the settings here are {string.Join(", ", known)}");
        }
    }

    /// <summary>An error that names the key as configuration files and as the environment spell it.</summary>
    public SettingsException Wrong(string key, string why)
    {
        string path = $"{section.Path}:{key}";
        return new SettingsException(Secrets.Hide($"The setting {path} (environment: {path.Replace(":", "__", StringComparison.Ordinal)}) {why}."));
    }

    private long Whole(string key, long otherwise, long minimum, long maximum)
    {
        string text = Text(key);
        if (text.Length == 0)
            return otherwise;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw Wrong(key, $"is '{text}': give a whole number");
        return value >= minimum && value <= maximum ? value : throw Wrong(key, $"is {text}: give a number from {minimum} to {maximum}");
    }
}
