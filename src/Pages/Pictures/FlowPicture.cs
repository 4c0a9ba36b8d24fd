using System.Globalization;
using System.Net;
using System.Text;
using OrleansCluster.Models;
using OrleansCluster.Pages.Words;

namespace OrleansCluster.Pages.Pictures;

/// <summary>A cluster at one side of the picture.</summary>
/// <param name="Label">Its stable id.</param>
/// <param name="Name">What people call it; empty: nothing.</param>
/// <param name="Colour"><c>#rrggbb</c>; empty: nobody chose one.</param>
/// <param name="Fate">What became of it, in a few words; empty: it stayed.</param>
/// <param name="Rows">Its rows in the training of the later version; null: it is not there.</param>
public sealed record FlowEnd(int Label, string Name, string Colour, string Fate, long? Rows);

/// <summary>What is drawn of two versions.</summary>
/// <param name="From">Number of the earlier version.</param>
/// <param name="To">Number of the later one.</param>
/// <param name="Before">Its clusters, by id.</param>
/// <param name="After">The later version's, by id.</param>
/// <param name="Flows">Rows that are compared; empty: there are none, and only sizes are drawn.</param>
public sealed record FlowInput(int From, int To, IReadOnlyList<FlowEnd> Before, IReadOnlyList<FlowEnd> After, IReadOnlyList<ClusterFlow> Flows);

/// <summary>
/// Where rows went between two versions, as SVG: the earlier version's clusters on the left, the later one's on the right, bands between them as wide as the
/// rows they share.
/// </summary>
public sealed class FlowPicture
{
    private const int Others = -1;
    private const int MostShown = 40;
    private const double Width = 1000, Left = 320, Right = 700, Bar = 14, Gap = 10, LeastSlot = 20, Top = 44;

    /// <summary>Okabe and Ito's colours, which people tell apart whatever they see of colour, then darker shades of them.</summary>
    private static readonly string[] Colours =
        ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c6d1f", "#5b4b9a", "#3f7f5f", "#a13d63", "#7f7f7f", "#1f5f8b"];

    private readonly FlowInput _input;
    private readonly Dictionary<int, FlowEnd> _ends;
    private readonly List<Node> _before;
    private readonly List<Node> _after;
    private readonly List<(Node From, Node To, double Weight)> _flows;
    private readonly double _total;
    private readonly int _hidden;

    /// <param name="input">What is drawn.</param>
    public FlowPicture(FlowInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _ends = input.Before.Concat(input.After).GroupBy(end => end.Label).ToDictionary(ends => ends.Key, ends => ends.First());
        IReadOnlyList<ClusterFlow> flows = input.Flows.Count > 0 ? input.Flows : Sizes(input);
        HashSet<int> shown = Shown(input, flows);
        _hidden = _ends.Keys.Count(label => !shown.Contains(label));
        var before = new SortedDictionary<int, Node>();
        var after = new SortedDictionary<int, Node>();
        foreach (FlowEnd end in input.Before.Where(end => shown.Contains(end.Label)))
            before.Add(end.Label, new Node(end.Label, end.Fate));
        foreach (FlowEnd end in input.After.Where(end => shown.Contains(end.Label)))
            after.Add(end.Label, new Node(end.Label, end.Fate));
        if (_hidden > 0)
        {
            before.Add(Others, new Node(Others, ""));
            after.Add(Others, new Node(Others, ""));
        }

        var bands = new Dictionary<(int, int), double>();
        foreach (ClusterFlow flow in flows)
        {
            (int, int) pair = (shown.Contains(flow.From) ? flow.From : Others, shown.Contains(flow.To) ? flow.To : Others);
            bands[pair] = bands.GetValueOrDefault(pair) + flow.Weight;
        }

        _flows = [.. bands.Where(band => band.Value > 0).OrderBy(band => band.Key).Select(band => (before[band.Key.Item1], after[band.Key.Item2], band.Value))];
        foreach ((Node from, Node to, double weight) in _flows)
        {
            from.Weight += weight;
            to.Weight += weight;
        }

        _total = Math.Max(_flows.Sum(flow => flow.Weight), double.Epsilon);
        _before = [.. before.Values.OrderBy(node => node.Label == Others).ThenBy(node => node.Label)];
        _after = [.. after.Values.OrderBy(node => node.Label == Others).ThenBy(node => Middle(node)).ThenBy(node => node.Label)];
    }

    /// <summary>The picture.</summary>
    public string Draw()
    {
        double room = Math.Clamp(Math.Max(_before.Count, _after.Count) * 34, 260, 1500);
        double height = Math.Max(Place(_before, room), Place(_after, room)) + 16;
        var svg = new StringBuilder();
        string title = $"Where the rows of version {_input.From} are in version {_input.To}";
        string what = $"{Tell.Of(_before.Count(node => node.Label != Others), "cluster")} on the left, {_after.Count(node => node.Label != Others)} on "
            + "the right; bands are as wide as the rows that two clusters share. The table below has the same in numbers.";
        svg.Append(Invariant($"<svg class=\"picture flows\" viewBox=\"0 0 {Width:0} {height:0}\" role=\"img\" aria-labelledby=\"flow-title flow-what\" ")
            + "xmlns=\"http://www.w3.org/2000/svg\">\n");
        svg.Append(Invariant($"<title id=\"flow-title\">{title}</title>\n<desc id=\"flow-what\">{what}</desc>\n"));
        svg.Append(Invariant($"<text class=\"head\" x=\"{Left}\" y=\"20\" text-anchor=\"end\">version {_input.From}</text>\n<text class=\"head\" ")
            + Invariant($"x=\"{Right}\" y=\"20\">version {_input.To}</text>\n"));
        // Thin bands last, so that wide ones do not hide them.
        foreach ((Node from, Node to, double weight) in Stacked().OrderBy(flow => flow.From.Label != flow.To.Label).ThenByDescending(flow => flow.Weight)
            .Select(flow => (flow.From, flow.To, flow.Weight)))
            DrawBand(svg, from, to, weight);
        foreach (Node node in _before)
            DrawNode(svg, node, Left - Bar, Left - Bar - 10, "end");
        foreach (Node node in _after)
            DrawNode(svg, node, Right, Right + Bar + 10, "start");
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>What the picture leaves out; null when it shows every cluster.</summary>
    public string? Rest =>
        _hidden > 0 ? $"{Tell.Of(_hidden, "cluster")} of which less changed {(_hidden == 1 ? "is" : "are")} drawn as one, the others." : null;

    /// <summary>Offsets of bands in both bars: in each bar in the order of the other side's bars, so that they cross as little as can be.</summary>
    private List<(Node From, Node To, double Weight)> Stacked()
    {
        var places = _after.Select((node, place) => (node, place)).ToDictionary(pair => pair.node, pair => pair.place);
        var sources = _before.Select((node, place) => (node, place)).ToDictionary(pair => pair.node, pair => pair.place);
        foreach (IGrouping<Node, (Node From, Node To, double Weight)> bar in _flows.GroupBy(flow => flow.From))
        {
            double at = bar.Key.Y;
            foreach ((_, Node to, double weight) in bar.OrderBy(flow => places[flow.To]))
            {
                bar.Key.Leaves[to] = at;
                at += weight / bar.Key.Weight * bar.Key.Height;
            }
        }

        foreach (IGrouping<Node, (Node From, Node To, double Weight)> bar in _flows.GroupBy(flow => flow.To))
        {
            double at = bar.Key.Y;
            foreach ((Node from, _, double weight) in bar.OrderBy(flow => sources[flow.From]))
            {
                bar.Key.Arrives[from] = at;
                at += weight / bar.Key.Weight * bar.Key.Height;
            }
        }

        return _flows;
    }

    private void DrawBand(StringBuilder svg, Node from, Node to, double weight)
    {
        double start = from.Leaves[to], end = to.Arrives[from], middle = (Left + Right) / 2;
        double wide = Math.Max(0.75, weight / from.Weight * from.Height), narrow = Math.Max(0.75, weight / to.Weight * to.Height);
        bool same = from.Label == to.Label;
        string text = same ? $"{Name(from)}: {Rows(weight)} stay" : $"{Rows(weight)} from {Name(from)} to {Name(to)}";
        svg.Append(Invariant($"<path class=\"{(same ? "stay" : "go")}\" fill=\"{Colour(from)}\" d=\"M{Left:0.##},{start:0.##}C{middle:0.##},{start:0.##} ")
            + Invariant($"{middle:0.##},{end:0.##} {Right:0.##},{end:0.##}V{end + narrow:0.##}C{middle:0.##},{end + narrow:0.##} ")
                + Invariant($"{middle:0.##},{start + wide:0.##} {Left:0.##},{start + wide:0.##}Z\"><title>{Encode(text)}</title></path>\n"));
    }

    private void DrawNode(StringBuilder svg, Node node, double x, double textX, string anchor)
    {
        double middle = node.Slot + (node.SlotHeight / 2) + 5;
        string number = node.Label == Others ? "others" : node.Label.ToString(CultureInfo.InvariantCulture);
        string name = node.Label == Others ? "" : _ends[node.Label].Name;
        svg.Append(Invariant($"<rect x=\"{x:0.##}\" y=\"{node.Y:0.##}\" width=\"{Bar:0.##}\" height=\"{node.Height:0.##}\" rx=\"2\" ")
            + Invariant($"fill=\"{Colour(node)}\"><title>{Encode(Name(node))}: {Rows(node.Weight)}</title></rect>\n"));
        svg.Append(Invariant($"<text x=\"{textX:0.##}\" y=\"{middle:0.##}\" text-anchor=\"{anchor}\"><tspan class=\"id\">{number}</tspan>"));
        int room = Room(number.Length + node.Fate.Length);
        if (name.Length > 0 && room > 2)
            svg.Append(Invariant($" {Encode(name.Length > room ? name[..(room - 1)] + "…" : name)}"));
        svg.Append(Invariant($" <tspan class=\"quiet\">{Tell.Share(node.Weight / _total)}</tspan>"));
        if (node.Fate.Length > 0)
            svg.Append(Invariant($" <tspan class=\"fate\">{Encode(node.Fate)}</tspan>"));
        svg.Append("</text>\n");
    }

    /// <summary>
    /// Letters that a name may have beside its bar, with so many bold letters and a share; the whole name is in the table and when one points at the bar.
    /// </summary>
    private static int Room(int bold)
    {
        const double letter = 7.8, boldLetter = 8.6, share = 64;
        return (int)((Math.Min(Left, Width - Right) - Bar - 10 - share - (bold * boldLetter)) / letter);
    }

    /// <summary>Puts bars below each other, each in a slot that its text fits; returns where they end.</summary>
    private double Place(List<Node> nodes, double room)
    {
        double at = Top;
        foreach (Node node in nodes)
        {
            node.Height = Math.Max(2, node.Weight / _total * room);
            node.SlotHeight = Math.Max(LeastSlot, node.Height);
            node.Slot = at;
            node.Y = at + ((node.SlotHeight - node.Height) / 2);
            at += node.SlotHeight + Gap;
        }

        return at;
    }

    /// <summary>Where the rows of a cluster come from, by the ids of the left side: what is born stands beside its parent.</summary>
    private double Middle(Node node)
    {
        if (_before.Any(other => other.Label == node.Label))
            return node.Label;
        double weight = 0, sum = 0;
        foreach ((Node from, Node to, double part) in _flows)
        {
            if (to != node)
                continue;
            weight += part;
            sum += part * (from.Label == Others ? int.MaxValue : from.Label);
        }

        return weight > 0 ? (sum / weight) + 0.001 : node.Label;
    }

    /// <summary>The clusters to draw each by itself: of many those that most rows came to or left, then the largest.</summary>
    private static HashSet<int> Shown(FlowInput input, IReadOnlyList<ClusterFlow> flows)
    {
        var changed = new Dictionary<int, double>();
        var whole = new Dictionary<int, double>();
        foreach (ClusterFlow flow in flows)
        {
            foreach (int label in new[] { flow.From, flow.To })
            {
                changed[label] = changed.GetValueOrDefault(label) + (flow.From == flow.To ? 0 : flow.Weight);
                whole[label] = whole.GetValueOrDefault(label) + flow.Weight;
            }
        }

        IEnumerable<int> all = input.After.Concat(input.Before).Select(end => end.Label).Distinct();
        return [.. all.OrderByDescending(label => changed.GetValueOrDefault(label)).ThenByDescending(label => whole.GetValueOrDefault(label))
            .ThenBy(label => label).Take(MostShown)];
    }

    /// <summary>Without anchor rows there is only how large clusters are.</summary>
    private static List<ClusterFlow> Sizes(FlowInput input) =>
        [.. input.After.Where(end => input.Before.Any(other => other.Label == end.Label))
            .Select(end => new ClusterFlow { From = end.Label, To = end.Label, Weight = end.Rows ?? 0 })];

    private string Colour(Node node) =>
        node.Label == Others ? "#9a9a9a" : Paint.FillOf(_ends[node.Label].Colour) is { } given ? given : Colours[node.Label % Colours.Length];

    private string Name(Node node)
    {
        if (node.Label == Others)
            return "the others";
        string name = _ends[node.Label].Name;
        return Invariant($"cluster {node.Label}{(name.Length > 0 ? $" ({name})" : "")}");
    }

    private string Rows(double weight) => Invariant($"{weight:#,0.##} {(weight == 1 ? "row" : "rows")}, {100 * weight / _total:0.0}%");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Node(int label, string fate)
    {
        public int Label => label;

        public string Fate => fate;

        public double Weight { get; set; }

        public double Slot { get; set; }

        public double SlotHeight { get; set; }

        public double Y { get; set; }

        public double Height { get; set; }

        public Dictionary<Node, double> Leaves { get; } = [];

        public Dictionary<Node, double> Arrives { get; } = [];
    }
}
