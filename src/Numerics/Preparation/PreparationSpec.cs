using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>What is to be done to rows before a model sees them: steps, each of which takes the rows as those before it left them.</summary>
/// <param name="Steps">In order.</param>
public sealed record PreparationSpec(ImmutableArray<StepRequest> Steps)
{
    /// <summary>Nothing.</summary>
    public static PreparationSpec None { get; } = new(ImmutableArray<StepRequest>.Empty);

    /// <summary>
    /// Reads steps that are separated by commas: <c>impute=median,scale=standard:age+income,onehot=country:20,pca=0.95</c>. After = comes a value, columns with
    /// + between them, or both with : between. Names with other than letters, digits, blanks, _, - and . stand in quotes.
    /// </summary>
    /// <exception cref="TrainingException">There is no such step, or it is not written so.</exception>
    public static PreparationSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ImmutableArray<string> steps = Split(text, ',', text);
        return steps is [""] ? None : Of(steps.Select(Step));
    }

    /// <summary>Steps that are checked.</summary>
    /// <exception cref="TrainingException">There is no such step.</exception>
    public static PreparationSpec Of(IEnumerable<StepRequest> steps)
    {
        ImmutableArray<StepRequest> all = [.. steps];
        foreach (StepRequest step in all)
            StepKind.Of(step.Kind).Check(step);
        return new PreparationSpec(all);
    }

    /// <summary>The steps as text: the same for the same steps.</summary>
    public override string ToString() => string.Join(',', Steps);

    /// <summary>The option of the command that asks for these steps and then for further ones.</summary>
    public string Option(params IEnumerable<string> further) => $"--prepare '{string.Join(',', Steps.Select(step => step.ToString()).Concat(further))}'";

    /// <inheritdoc/>
    public bool Equals(PreparationSpec? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static StepRequest Step(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string kind = (equals < 0 ? text : text[..equals]).Trim();
        if (equals < 0)
            return new StepRequest(kind, "", []);
        ImmutableArray<string> parts = Split(text[(equals + 1)..], ':', text);
        if (parts.Length > 2)
            throw new TrainingException(
                $"The preparation step '{text}' has more than one colon: write {kind}=VALUE:COLUMN+COLUMN, with names that hold colons in quotes.");
        var known = StepKind.Of(kind);
        // A step that takes sizes is written either way round: onehot=country:20.
        bool swapped = parts.Length == 2 && !known.IsValue(parts[0]) && known.IsValue(parts[1]);
        string value = parts.Length == 2 ? parts[swapped ? 1 : 0] : known.IsValue(parts[0]) ? parts[0] : "";
        string columns = parts.Length == 2 ? parts[swapped ? 0 : 1] : value.Length > 0 ? "" : parts[0];
        return new StepRequest(kind, value.Trim(), columns.Length == 0 ? [] : [.. Split(columns, '+', text).Select(Unquoted)]);
    }

    private static string Unquoted(string name)
    {
        string bare = name.Trim();
        return bare is ['"', .., '"'] && bare.Length > 1 ? bare[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : bare;
    }

    /// <summary>Parts between separators that are not within quotes, which stay.</summary>
    private static ImmutableArray<string> Split(string text, char separator, string whole)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var part = new StringBuilder();
        bool quoted = false;
        foreach (char one in text)
        {
            quoted ^= one == '"';
            if (one == separator && !quoted)
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
            }
            else
            {
                part.Append(one);
            }
        }

        if (quoted)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture, $"The preparation '{whole}' opens a quote and does not close it."));
        parts.Add(part.ToString().Trim());
        return parts.ToImmutable();
    }
}
