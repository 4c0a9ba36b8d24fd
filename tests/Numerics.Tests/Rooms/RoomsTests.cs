using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Rooms;

/// <summary>The rooms of Numerics: a folder is a namespace, none needs one that needs it, the map knows them all, and lines can be read.</summary>
public sealed partial class RoomsTests
{
    private const string Root = "OrleansCluster.Numerics";

    private static readonly string Sources = Path.Combine(Repository(), "src", "Numerics");

    [Fact]
    public void No_room_needs_one_that_needs_it()
    {
        var graph = new NamespaceGraph(typeof(RowBlock).Assembly);
        graph.Needs.Keys.ShouldContain($"{Root}.KMeans.Assign");
        graph.Circle().ShouldBeNull();
    }

    [Fact]
    public void A_circle_is_found_and_told()
        => new NamespaceGraph(Circles()).Circle().ShouldBe("OrleansCluster.A (by One) → OrleansCluster.B (by Two) → OrleansCluster.A");

    [Fact]
    public void A_folder_is_a_namespace()
    {
        foreach (string file in Files())
        {
            string folder = Path.GetDirectoryName(Path.GetRelativePath(Sources, file))!;
            string expected = folder.Length == 0 ? Root : $"{Root}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
            Declared().Match(File.ReadAllText(file)).Groups[1].Value.ShouldBe(expected, file);
        }
    }

    /// <summary>Constants and comments leave no trace in an assembly: the imports of the sources tell of them.</summary>
    [Fact]
    public void No_imports_run_in_a_circle()
    {
        var imports = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string text in Files().Select(File.ReadAllText))
        {
            string room = Declared().Match(text).Groups[1].Value;
            if (!imports.TryGetValue(room, out SortedSet<string>? others))
                imports[room] = others = new SortedSet<string>(StringComparer.Ordinal);
            others.UnionWith(Imported().Matches(text).Select(match => match.Groups[1].Value));
        }

        // Rooms that need nobody that is left go first; what never goes is in a circle, or above one.
        while (imports.Where(room => !room.Value.Any(imports.ContainsKey)).Select(room => room.Key).ToArray() is { Length: > 0 } free)
        {
            foreach (string room in free)
                imports.Remove(room);
        }

        imports.Keys.ShouldBeEmpty();
    }

    [Fact]
    public void The_map_has_every_room()
    {
        string map = File.ReadAllText(Path.Combine(Repository(), "docs", "map-of-numerics.md"));
        string[] rooms = [.. Files().Select(file => Path.GetDirectoryName(Path.GetRelativePath(Sources, file))!.Replace('\\', '/'))
            .Where(room => room.Length > 0).Distinct()];
        MapRow().Matches(map).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ShouldBe(rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_stands_on_those_above_it_on_the_map()
    {
        string map = File.ReadAllText(Path.Combine(Repository(), "docs", "map-of-numerics.md"));
        List<string> order = [Root, .. MapRow().Matches(map).Select(match => $"{Root}.{match.Groups[1].Value.Replace('/', '.')}")];
        foreach ((string room, SortedDictionary<string, string> others) in new NamespaceGraph(typeof(RowBlock).Assembly).Needs)
        {
            foreach ((string other, string by) in others)
                order.IndexOf(other).ShouldBeInRange(0, order.IndexOf(room) - 1, $"{room} needs {other} (by {by})");
        }
    }

    [Fact]
    public void No_line_of_any_source_is_longer_than_the_configuration_says()
    {
        int most = int.Parse(Longest().Match(File.ReadAllText(Path.Combine(Repository(), ".editorconfig"))).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        string[] roots = [.. ((string[])["src", "tests", "bench", "samples"]).Select(root => Path.Combine(Repository(), root)).Where(Directory.Exists)];
        string[] endings = ["*.cs", "*.razor"];
        roots.SelectMany(root => endings.SelectMany(ending => Directory.EnumerateFiles(root, ending, SearchOption.AllDirectories))).Where(IsWritten)
            .SelectMany(file => File.ReadLines(file).Index().Where(line => line.Item.Length > most).Select(line => $"{file}:{line.Index + 1}")).ShouldBeEmpty();
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories).Where(IsWritten);

    /// <summary>Whether somebody wrote a file, and not a build.</summary>
    private static bool IsWritten(string file) => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    /// <summary>An assembly with two namespaces that need each other, made here.</summary>
    private static Assembly Circles()
    {
        var made = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Circles"), AssemblyBuilderAccess.Run);
        ModuleBuilder module = made.DefineDynamicModule("Circles");
        TypeBuilder one = module.DefineType("OrleansCluster.A.One"), two = module.DefineType("OrleansCluster.B.Two");
        one.DefineField("other", two.MakeArrayType(), FieldAttributes.Private);
        two.DefineField("other", typeof(List<>).MakeGenericType(one), FieldAttributes.Private);
        two.CreateType();
        return one.CreateType().Assembly;
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"^max_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Longest();

    [GeneratedRegex(@"^using (OrleansCluster\.Numerics[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Imported();

    [GeneratedRegex(@"^\| `([\w/]+)/` \|", RegexOptions.Multiline)]
    private static partial Regex MapRow();
}
