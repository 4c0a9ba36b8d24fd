using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansCluster.Pages.Pictures;

/// <summary>A picture that is being written. Whatever is put into it is text: names and values cannot become markup.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <param name="width">Width of the plane.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What the picture shows, for those who do not see it.</param>
    /// <param name="style">A class.</param>
    public Svg(double width, double height, string title, string style = "picture")
    {
        Open(
            "svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("width", width), ("height", height),
            ("class", style), ("role", "img"), ("aria-label", title));
    }

    /// <summary>Begins an element.</summary>
    public Svg Open(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Begin(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return this;
    }

    /// <summary>Ends the element that was begun last.</summary>
    public Svg Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element with nothing in it, or with what is told when one points at it.</summary>
    public Svg Shape(string name, string? tip, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Begin(name, attributes);
        if (tip is null)
            _text.Append("/>");
        else
            _text.Append("><title>").Append(WebUtility.HtmlEncode(tip)).Append("</title></").Append(name).Append('>');
        return this;
    }

    /// <summary>Letters.</summary>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public Svg Text(double x, double y, string text, string style = "", string anchor = "start", string? transform = null)
    {
        Begin("text", [("x", x), ("y", y), ("class", style.Length > 0 ? style : null), ("text-anchor", anchor == "start" ? null : anchor),
            ("transform", transform)]);
        _text.Append('>').Append(WebUtility.HtmlEncode(text)).Append("</text>");
        return this;
    }

    /// <summary>The picture, whole.</summary>
    public override string ToString()
    {
        while (_open.Count > 0)
            Close();
        return _text.ToString();
    }

    /// <summary>A coordinate, to a hundredth.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Begin(string name, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach ((string attribute, object? value) in attributes)
        {
            if (value is null)
                continue;
            string text = value is double number ? Number(number) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            _text.Append(' ').Append(attribute).Append("=\"").Append(WebUtility.HtmlEncode(text)).Append('"');
        }
    }
}
