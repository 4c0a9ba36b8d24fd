using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Output;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using Spectre.Console;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>families list | show</c>: what can be trained, and with which options.</summary>
internal static class FamiliesCommands
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Family" };
        return new Command("families", "List the families of models, or show one's options")
        {
            new Command("list", "List the families of models that can be trained").Runs((context, _) => Task.FromResult(List(context)), here: true),
            new Command("show", "Show a family's options, and with --report json their JSON Schema") { name }
                .Runs((context, parsed) => Task.FromResult(Show(context, parsed.GetRequiredValue(name))), here: true),
        };
    }

    private static int List(CommandContext context)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (IFamily family in context.Families.All)
                    Write(json, family, whole: false);
                json.WriteEndArray();
            });
            return ExitCode.Success;
        }

        new Listing(Column.Name("family", least: 8), Column.Prose("what", least: 12), Column.Prose("can be asked for", least: 20))
            .AddAll(context.Families.All, family => [family.Description.Name, family.Description.Title, string.Join(", ", family.Capabilities)])
            .Write(context.Terminal.Out);
        return ExitCode.Success;
    }

    private static int Show(CommandContext context, string name)
    {
        IFamily family = context.Families.All.FirstOrDefault(family => family.Description.Name == name)
            ?? throw CommandException.Usage($"There is no family '{name}': there are "
                + $"{string.Join(", ", context.Families.All.Select(family => family.Description.Name))}.");
        if (context.Json)
        {
            JsonReport.Print(json => Write(json, family, whole: true));
            return ExitCode.Success;
        }

        IAnsiConsole console = context.Terminal.Out;
        TrainingText.Heading(console, family.Description.Name, family.Description.Title);
        console.WriteLine();
        new Listing(Column.Name("option", least: 12), Column.Prose("value", least: 10), Column.Prose("default", least: 6), Column.Prose("what", least: 20))
            .AddAll(family.Description.Options, option => [option.Name, option.Values(), option.Default, option.Help])
            .Write(console);
        console.WriteLine();
        TrainingText.Fact(console, "asked for", string.Join(", ", family.Capabilities));
        TrainingText.Fact(console, "objective", family.Description.ObjectiveName, family.Description.LessIsBetter ? "less is better" : "more is better");
        return ExitCode.Success;
    }

    private static void Write(Utf8JsonWriter json, IFamily family, bool whole)
    {
        FamilyDescription description = family.Description;
        json.WriteStartObject();
        json.WriteString("name", description.Name);
        json.WriteString("title", description.Title);
        json.WriteString("part", description.Part);
        json.WriteString("objective_name", description.ObjectiveName);
        json.WriteBoolean("less_is_better", description.LessIsBetter);
        json.WriteStrings("capabilities", family.Capabilities);
        json.WriteStrings("measures", description.Measures.Select(measure => measure.Name));
        if (whole)
        {
            json.WritePropertyName("options");
            OptionsJson.Schema(description).WriteTo(json);
        }

        json.WriteEndObject();
    }
}
