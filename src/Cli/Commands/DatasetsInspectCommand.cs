using System.CommandLine;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using Spectre.Console;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets inspect</c>: what a file holds, column by column, and what would become of it. Nothing is imported.</summary>
internal static class DatasetsInspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>(
            "FILE")
        { Description = $"The rows: {RowOptions.Inputs}" }.TakingSeveral();
        var command = new Command("inspect", "Tell what a file's columns hold, and what would be done with them") { file };
        RowOptions rows = RowOptions.AddTo(command, stores: true);
        return command.Runs((context, parsed) =>
            InspectAsync(context, parsed.GetRequiredValue(file), rows.Read(parsed) with { Typed = true, AllowsMissing = true }), here: true);
    }

    private static async Task<int> InspectAsync(CommandContext context, string file, ReadOptions options)
    {
        if (!InputName.Exists(file))
            throw CommandException.Usage($"There is no file {file}.");
        long rows = 0;
        (ColumnEvidence[] columns, string? id) = await new ProgressView(context.Terminal).WhileAsync(
            () => $"reading {Path.GetFileName(InputName.Of(file))} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            () => Task.Run(() => Read(file, options, read => Volatile.Write(ref rows, read), context.Cancellation))).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteNumber("rows", rows);
                json.WriteString("id_column", id);
                json.WriteStartArray("columns");
                foreach (ColumnEvidence column in columns)
                    column.Write(json);
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Success;
        }

        context.Terminal.Out.WriteLine();
        TrainingText.Heading(context.Terminal.Out, Path.GetFileName(InputName.Of(file)),
            $"{Numbers.Of(rows, "row")} × {Numbers.Of(columns.Length, "column")}");
        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Name("column"), Column.Word("type", leaves: 4), Column.Number("missing", leaves: 3), Column.Number("different", leaves: 2),
                Column.Name("range"), Column.Name("for example"), Column.Name("unless prepared"))
            .AddAll(columns, column =>
                [column.Name, column.TypeName, Numbers.Count(column.Missing), column.Different, column.Range, column.Examples, column.Fate])
            .Write(context.Terminal.Out);
        context.Terminal.Out.WriteLine();
        ColumnEvidence? ids = id is null ? columns.FirstOrDefault(column => column.MayBeId) : null;
        if (ids is not null)
        {
            TrainingText.Fact(context.Terminal.Out, "ids", $"--id-column {CommandContext.Quote(ids.Name)}",
                "another in every row: it may say which row it is, not what it is like");
        }

        if (Suggestion([.. columns.Where(column => column != ids)]) is { } prepare)
            TrainingText.Fact(context.Terminal.Out, "prepare", $"--prepare {prepare}", "one way to have all of it count");
        return ExitCode.Success;
    }

    private static (ColumnEvidence[] Columns, string? Id) Read(string file, ReadOptions options, Action<long> told, CancellationToken cancellation)
    {
        using IRowReader reader = TableFile.Read(file, options with { Precision = Precision.Float64 });
        ColumnEvidence[] columns = [.. reader.Columns
            .Select((name, column) => new ColumnEvidence(name, reader.Types.IsDefaultOrEmpty ? ColumnType.Number : reader.Types[column]))];
        long rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch.IsSparse)
                AddSparse(batch.Values.Span, columns);
            else
                AddDense(MemoryMarshal.Cast<byte, double>(batch.Values.Span), columns);
            told(rows += batch.Rows);
        }

        if (reader.IsSparse)
        {
            foreach (ColumnEvidence column in columns)
                column.AddZeros(rows);
        }

        for (int column = 0; column < columns.Length; column++)
            columns[column].Categories = reader.Categories(column);
        return (columns, reader.IdColumn);
    }

    private static void AddDense(ReadOnlySpan<double> values, ColumnEvidence[] columns)
    {
        for (int at = 0; at < values.Length; at++)
            columns[at % columns.Length].Add(values[at]);
    }

    /// <summary>Values of rows as <see cref="SparseRowBytes"/> has them: the rest is 0.</summary>
    private static void AddSparse(ReadOnlySpan<byte> rows, ColumnEvidence[] columns)
    {
        while (!rows.IsEmpty)
        {
            int count = (int)MemoryMarshal.Read<uint>(rows);
            ReadOnlySpan<uint> known = MemoryMarshal.Cast<byte, uint>(rows.Slice(sizeof(uint), count * sizeof(uint)));
            ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(rows.Slice(sizeof(uint) * (1 + count), count * sizeof(double)));
            for (int i = 0; i < count; i++)
                columns[(int)known[i]].Add(values[i]);
            rows = rows[((sizeof(uint) * (1 + count)) + (count * sizeof(double)))..];
        }
    }

    /// <summary>Steps that make use of all columns; null: they are numbers of a like scale, and whole.</summary>
    private static string? Suggestion(ColumnEvidence[] columns)
    {
        List<string> steps = [];
        if (columns.Any(column => column is { Missing: > 0, Type: not ColumnType.Category }))
            steps.Add("impute=median");
        if (columns.Any(column => column.Type == ColumnType.Number))
            steps.Add("scale=standard");
        if (columns.Any(column => column.Type == ColumnType.Category))
            steps.Add("onehot=20");
        if (columns.Any(column => column.Type == ColumnType.Time))
            steps.Add("cycle");
        bool plain = columns.All(column => column is { Missing: 0, Type: ColumnType.Number });
        return plain && ColumnScales.Warning(
            [.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Least)], [.. columns.Select(column => column.Greatest)]) is null
            ? null
            : string.Join(',', steps);
    }
}
