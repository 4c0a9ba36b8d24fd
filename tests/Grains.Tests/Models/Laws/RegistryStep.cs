using FsCheck;
using FsCheck.Fluent;

namespace OrleansCluster.Grains.Tests.Models.Laws;

internal enum RegistryAction
{
    Publish,
    SetAlias,
    RemoveAlias,
    Rollback,
    SetRoute,
    Canary,
    Shadow,
    Abort,
    Prune,
    NameCluster,
    Policy,
    Wait,
}

/// <summary>One step of a random history of a model. What does not fit the model as it then is, is asked for all the same and must be refused.</summary>
internal sealed record RegistryStep
{
    private static readonly string[] AliasNames = ["champion", "champion", "challenger", "live"];

    public required RegistryAction Action { get; init; }

    public string Alias { get; init; } = "";

    /// <summary>A version, counted from the newest: −1 is one that is not there.</summary>
    public int Age { get; init; }

    /// <summary>Another one.</summary>
    public int OtherAge { get; init; }

    /// <summary>A share in slots, or a number of clusters or versions.</summary>
    public int Amount { get; init; }

    /// <summary>Decided on a revision that is past.</summary>
    public bool Stale { get; init; }

    /// <summary>Asked a second time with the same id, as after a lost answer.</summary>
    public bool Again { get; init; }

    /// <summary>From so many writes on every write fails, and the cluster is killed; 0: nothing fails.</summary>
    public int FailFrom { get; init; }

    /// <summary>Whether the first write that fails is done all the same.</summary>
    public bool TakesEffect { get; init; }

    public override string ToString() =>
        $"{Action} {Alias} {Age} {OtherAge} {Amount}{(Stale ? " stale" : "")}{(Again ? " again" : "")}"
        + (FailFrom > 0 ? $" failing from write {FailFrom}{(TakesEffect ? ", which is done" : "")}" : "");

    private static Gen<RegistryStep> One =>
        from action in Gen.Frequency(
            (4, Gen.Constant(RegistryAction.Publish)),
            (4, Gen.Constant(RegistryAction.SetAlias)),
            (8, Gen.Elements(Enum.GetValues<RegistryAction>())))
        from alias in Gen.Elements(AliasNames)
        from age in Gen.Choose(-1, 4)
        from other in Gen.Choose(0, 4)
        from amount in Gen.OneOf(Gen.Choose(0, 10_000), Gen.Elements(0, 1, 10_000, 10_001))
        from stale in Gen.Choose(0, 9)
        from again in Gen.Choose(0, 3)
        from fails in Gen.Frequency((7, Gen.Constant(0)), (1, Gen.Choose(1, 6)))
        from effect in Gen.Elements(true, false)
        select new RegistryStep
        {
            Action = action,
            Alias = alias,
            Age = age,
            OtherAge = other,
            Amount = amount,
            Stale = stale == 0,
            Again = again == 0,
            FailFrom = fails,
            TakesEffect = effect,
        };

    /// <summary>Histories of so many steps; when one fails, shorter ones are tried.</summary>
    public static Arbitrary<RegistryStep[]> Histories(int steps) => Arb.From(Gen.ArrayOf(One, steps), Shorter);

    private static IEnumerable<RegistryStep[]> Shorter(RegistryStep[] steps)
    {
        for (int part = steps.Length / 2; part > 0; part /= 2)
        {
            for (int first = 0; first + part <= steps.Length; first += part)
                yield return [.. steps[..first], .. steps[(first + part)..]];
        }
    }
}
