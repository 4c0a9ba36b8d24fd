using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>What is known of a version, which never changes.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Family">Name of its family.</param>
/// <param name="Columns">The columns that its clusters are in, in order: of prepared rows, where it prepares them.</param>
/// <param name="Inputs">The columns that rows must have to be asked about.</param>
/// <param name="Clusters">Stable ids, ascending.</param>
/// <param name="Capabilities">What it can be asked.</param>
internal sealed record KnownVersion(
    int Version, string Family, ImmutableArray<string> Columns, AskedColumns Inputs, ImmutableArray<int> Clusters, ImmutableArray<string> Capabilities);

/// <summary>
/// Questions to models, for whatever protocol they come in. What never changes of a version is asked for once and kept, so that a question costs no call beside
/// its own.
/// </summary>
internal sealed class ModelQuestions(Func<IClusteringClient> client)
{
    /// <summary>Versions that are remembered: some hundred bytes each.</summary>
    private const int MostKept = 10_000;

    /// <summary>Most bytes of values in a message.</summary>
    private const int MostBytes = 2 << 20;

    /// <summary>How long it is remembered which version a bare name means, for its columns: every version of the model has the same.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private readonly SingleRows _single = new(client);
    private readonly ConcurrentDictionary<(string Tenant, string Model, int Version), KnownVersion> _facts = new();
    private readonly ConcurrentDictionary<(string Tenant, string Model), (int Version, long Asked)> _defaults = new();

    /// <summary>The model that a text names, and which of its versions: 0, what the bare name means.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public ValueTask<(string Model, int Version)> ResolveAsync(ModelReference wanted, CancellationToken cancellation) =>
        wanted.Alias.Length == 0 ? new((wanted.Name, wanted.Version)) : new(ResolveAliasAsync(wanted, cancellation));

    private async Task<(string Model, int Version)> ResolveAliasAsync(ModelReference wanted, CancellationToken cancellation)
    {
        ResolvedVersion? version = await AskAsync(wanted, () => client().Models.ResolveAsync(wanted, cancellation), cancellation).ConfigureAwait(false);
        return version is null ? throw await MissingAsync(wanted, null, cancellation).ConfigureAwait(false) : (wanted.Name, version.Version);
    }

    /// <summary>What is known of a version.</summary>
    /// <param name="version">Its number; 0: of the one that the bare name means now.</param>
    /// <exception cref="ProblemException">There is none, or it was pruned.</exception>
    public ValueTask<KnownVersion> FactsAsync(string model, int version, CancellationToken cancellation)
    {
        Caller caller = Caller.Current;
        caller.CheckModel(model);
        return version > 0 && _facts.TryGetValue((caller.Tenant, model, version), out KnownVersion? known)
            ? new(known)
            : new(AskFactsAsync(caller, model, version, cancellation));
    }

    private async Task<KnownVersion> AskFactsAsync(Caller caller, string model, int version, CancellationToken cancellation)
    {
        var reference = new ModelReference(model, version);
        ModelVersion whole = await AskAsync(reference, () => client().Models.VersionAsync(model, version, cancellation), cancellation).ConfigureAwait(false)
            ?? throw await MissingAsync(reference, null, cancellation).ConfigureAwait(false);
        var facts = new KnownVersion(
            whole.Version, whole.Training.Options.Family, whole.Training.Columns, AskedColumns.Of(whole.Training.AskedColumns(), whole.Training.AskedTypes()),
                [.. whole.Training.Clusters.Select(cluster => cluster.Label).Order()], whole.Training.Family.Capabilities);
        if (_facts.Count >= MostKept)
            _facts.Clear();
        _facts[(caller.Tenant, model, whole.Version)] = facts;
        return facts;
    }

    /// <summary>The columns that rows must have for a model to be asked about them.</summary>
    public async ValueTask<AskedColumns> InputsAsync(string model, int version, CancellationToken cancellation)
    {
        // Who may not ask the model does not learn its columns from what is wrong with the rows.
        Caller.Current.CheckModel(model);
        if (version == 0)
            version = await DefaultAsync(model, cancellation).ConfigureAwait(false);
        return (await FactsAsync(model, version, cancellation).ConfigureAwait(false)).Inputs;
    }

    /// <summary>The version that the bare name means, or meant a moment ago; 0: there is none.</summary>
    private ValueTask<int> DefaultAsync(string model, CancellationToken cancellation)
    {
        (string Tenant, string Model) key = (Caller.Current.Tenant, model);
        return _defaults.TryGetValue(key, out (int Version, long Asked) kept) && Stopwatch.GetElapsedTime(kept.Asked) < Lease
            ? new(kept.Version)
            : new(AskDefaultAsync(key, model, cancellation));
    }

    private async Task<int> AskDefaultAsync((string Tenant, string Model) key, string model, CancellationToken cancellation)
    {
        long asked = Stopwatch.GetTimestamp();
        ModelReference reference = new(model, 0);
        if (await AskAsync(reference, () => client().Models.ResolveAsync(reference, cancellation), cancellation).ConfigureAwait(false) is not { } found)
            return 0;
        if (_defaults.Count >= MostKept)
            _defaults.Clear();
        _defaults[key] = (found.Version, asked);
        return found.Version;
    }

    /// <summary>
    /// Asks about rows in the columns of the model. All its versions have the same; but it may have been deleted a moment ago, and another one be of that name.
    /// A number of a version is never given twice, so that the version that answered tells which it was.
    /// </summary>
    /// <param name="ask">The question, of the columns.</param>
    /// <param name="answered">The version that answered; 0: several did.</param>
    private async Task<T> WithInputsAsync<T>(
        string model, int version, AskedRows rows, Func<AskedColumns, Task<T>> ask, Func<T, int> answered, CancellationToken cancellation)
    {
        Caller.Current.CheckModel(model);
        AskedColumns inputs = await InputsAsync(model, version, cancellation).ConfigureAwait(false);
        T answer = await ask(inputs).ConfigureAwait(false);
        if (version > 0 || answered(answer) == 0
            || (await FactsAsync(model, answered(answer), cancellation).ConfigureAwait(false)).Inputs.IsSameAs(inputs))
            return answer;
        _defaults.TryRemove((Caller.Current.Tenant, model), out _);
        return await ask(await InputsAsync(model, version, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Which cluster each row belongs to.</summary>
    public async Task<Assignments> AssignAsync(string model, int version, AskedRows rows, CancellationToken cancellation)
    {
        AskedColumns inputs = await InputsAsync(model, version, cancellation).ConfigureAwait(false);
        RowsPayload payload = rows.For(inputs);
        if (!SingleRows.Are(payload))
            return await AssignManyAsync(model, version, rows, cancellation).ConfigureAwait(false);
        Assignments answer;
        try
        {
            answer = await _single.AssignAsync(model, version, payload, cancellation).ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused.RetryAfter is null)
        {
            throw await RefusedAsync(new ModelReference(model, version), refused, cancellation, inputs.Names).ConfigureAwait(false);
        }

        return version > 0 || answer.Version == 0 || (await FactsAsync(model, answer.Version, cancellation).ConfigureAwait(false)).Inputs.IsSameAs(inputs)
            ? answer
            : await AssignManyAsync(model, version, rows, cancellation).ConfigureAwait(false);
    }

    private Task<Assignments> AssignManyAsync(string model, int version, AskedRows rows, CancellationToken cancellation) =>
        WithInputsAsync(model, version, rows, async inputs =>
        {
            RowsPayload payload = rows.For(inputs);
            var answers = new List<Assignments>();
            foreach ((int first, RowsPayload part) in Parts(payload))
            {
                answers.Add(await AskAsync(
                    new ModelReference(model, version), () => client().Models.AssignAsync(model, version, part, cancellation), cancellation, inputs.Names,
                        first).ConfigureAwait(false));
            }

            return answers.Count == 1 ? answers[0] : Joined.Of(answers);
        }, answer => answer.Version > 0 ? answer.Version : answer.RowVersions().FirstOrDefault(), cancellation);

    /// <summary>How probable rows are.</summary>
    /// <param name="top">Components told of each row; at least 1.</param>
    public Task<Scores> ScoreAsync(string model, int version, int top, AskedRows rows, CancellationToken cancellation) =>
        WithInputsAsync(model, version, rows, async inputs =>
        {
            var answers = new List<Scores>();
            foreach ((int first, RowsPayload part) in Parts(rows.For(inputs)))
            {
                // What answered the first rows answers all.
                var query = new ScoreQuery { Version = answers.Count == 0 ? version : answers[0].Version, Top = top, Rows = part };
                answers.Add(await AskAsync(
                    new ModelReference(model, version), () => client().Models.ScoreAsync(model, query, cancellation), cancellation, inputs.Names, first)
                    .ConfigureAwait(false));
            }

            return answers.Count == 1 ? answers[0] : Joined.Of(answers);
        }, answer => answer.Version, cancellation);

    /// <summary>Why rows belong to their clusters, under one version.</summary>
    public Task<Explanations> ExplainAsync(string model, int version, AskedRows rows, CancellationToken cancellation) =>
        WithInputsAsync(model, version, rows, inputs =>
        {
            var query = new ExplainQuery { Version = version, Rows = rows.For(inputs) };
            return AskAsync(new ModelReference(model, version), () => client().Models.ExplainAsync(model, query, cancellation), cancellation, inputs.Names);
        }, answer => answer.Version, cancellation);

    /// <summary>Rows drawn from a version.</summary>
    public Task<Samples> SampleAsync(string model, SampleQuery query, CancellationToken cancellation) =>
        AskAsync(new ModelReference(model, query.Version), () => client().Models.SampleAsync(model, query, cancellation), cancellation);

    /// <summary>Rows in messages of a size that travels well, with the number of the first of each.</summary>
    private static IEnumerable<(int First, RowsPayload Part)> Parts(RowsPayload rows)
    {
        int rowBytes = rows.Columns * (rows.Precision == "f4" ? sizeof(float) : sizeof(double));
        (int count, int most) = (rows.Values.Length / rowBytes, Math.Max(MostBytes / rowBytes, 1));
        for (int first = 0; first < count; first += most)
        {
            int part = Math.Min(most, count - first);
            yield return (first, rows with
            {
                Values = rows.Values.Slice(first * rowBytes, part * rowBytes),
                Keys = rows.Keys.IsEmpty ? default : rows.Keys.Slice(first * sizeof(ulong), part * sizeof(ulong)),
            });
        }
    }

    /// <summary>The answer to a question; where it is refused, why: a value, which has a place, or that there is no such model or version.</summary>
    private async Task<T> AskAsync<T>(
        ModelReference asked, Func<Task<T>> question, CancellationToken cancellation, ImmutableArray<string> columns = default, int first = 0)
    {
        try
        {
            return await question().ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused.RetryAfter is null)
        {
            throw await RefusedAsync(asked, refused, cancellation, columns, first).ConfigureAwait(false);
        }
    }

    private async Task<ProblemException> RefusedAsync(
        ModelReference asked, ClusteringException refused, CancellationToken cancellation, ImmutableArray<string> columns = default, int first = 0)
    {
        if (refused is { Row: { } row, Column: { } column, Problem: { } problem } && !columns.IsDefault)
        {
            return new ProblemException(
                400, ProblemKinds.UnusableContent, $"Row {first + row} (from 0), column '{columns[column]}': {problem}", refused)
            {
                Row = first + row,
                Column = columns[column]
            };
        }

        // It may be another model by now.
        _defaults.TryRemove((Caller.Current.Tenant, asked.Name), out _);
        return await MissingAsync(asked, refused, cancellation).ConfigureAwait(false);
    }

    /// <summary>Why a question was refused.</summary>
    private async Task<ProblemException> MissingAsync(ModelReference asked, ClusteringException? refused, CancellationToken cancellation)
    {
        ModelOutline? model;
        try
        {
            model = await client().Models.FindAsync(asked.Name, cancellation).ConfigureAwait(false);
        }
        catch (ClusteringException name)
        {
            return ProblemException.Bad(name.Message, name);
        }

        if (model is null || model.Versions.IsEmpty)
            return ProblemException.Missing($"There is no model '{asked.Name}': train it first, or correct the name.", refused);
        if (asked.Version > 0 && model.Versions.All(version => version.Version != asked.Version))
            return ProblemException.Missing(
                $"There is no version {asked.Version} of the model '{asked.Name}': it has "
                    + $"{string.Join(", ", model.Versions.Select(version => version.Version))}.",
                refused);
        if (asked.Version > 0 && model.Versions.First(version => version.Version == asked.Version).Pruned is not null)
            return new ProblemException(
                410, ProblemKinds.Gone, $"The parameters of version {asked.Version} of the model '{asked.Name}' were pruned: name another version.", refused);
        return refused is null
            ? ProblemException.Missing(
                $"The model '{asked.Name}' has no alias '{asked.Alias}': it has "
                    + $"{(model.Info.Aliases.IsEmpty ? "none" : string.Join(", ", model.Info.Aliases.Select(alias => alias.Name)))}.")
            : ProblemException.Bad(refused.Message, refused);
    }
}
