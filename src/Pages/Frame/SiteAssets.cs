using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Pages.Frame;

/// <summary>What pages load: a stylesheet and a script, both in this assembly.</summary>
public static class SiteAssets
{
    /// <summary>The name of the stylesheet.</summary>
    public const string Style = "site.css";

    /// <summary>The name of the script.</summary>
    public const string Script = "site.js";

    private static readonly Lazy<string> PictureStyle = new(() => Read("pictures.css"));
    private static readonly Lazy<string> SiteStyle = new(() => PictureStyle.Value + Read(Style));
    private static readonly Lazy<string> SiteScript = new(() => Read(Script));
    private static readonly Lazy<string> Mark = new(
        () => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SiteStyle.Value + SiteScript.Value)).AsSpan(0, 6)));

    /// <summary>Changes when anything does that pages load, so that browsers may keep it.</summary>
    public static string Version => Mark.Value;

    /// <summary>The styles of a picture that stands alone.</summary>
    public static string OfPictures => PictureStyle.Value;

    /// <summary>A file's content; null: there is none of this name.</summary>
    public static string? Find(string name) => name switch { Style => SiteStyle.Value, Script => SiteScript.Value, _ => null };

    /// <summary>A picture as a file that needs nothing else.</summary>
    /// <param name="svg">The picture.</param>
    public static string PictureFile(string svg)
    {
        ArgumentNullException.ThrowIfNull(svg);
        int end = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return $"{svg.AsSpan(0, end)}<style>{OfPictures} svg {{ background: var(--ground); }}</style>{svg.AsSpan(end)}";
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
