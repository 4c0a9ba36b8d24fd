using System.CommandLine;
using OrleansCluster.Cli.Commands;

namespace OrleansCluster.Cli.Tests;

/// <summary>What is said of a mistyped command line.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("modles list", "There is no command 'modles': did you mean models?")]
    [InlineData("dataset list", "There is no command 'dataset': did you mean datasets?")]
    [InlineData("Train kmeans", "There is no command 'Train': did you mean train?")]
    [InlineData("eval --model a", "There is no command 'eval': did you mean evaluate?")]
    [InlineData("models lst", "models has no command 'lst': did you mean list?")]
    [InlineData("models shwo x", "models has no command 'shwo': did you mean show?")]
    [InlineData("models promotes x", "models has no command 'promotes': did you mean promote?")]
    [InlineData("train kmeens --data x --k 3", "train has no command 'kmeens': did you mean kmeans?")]
    [InlineData("train k-means --data x --k 3", "train has no command 'k-means': did you mean kmeans?")]
    [InlineData("train dbscan --data x", "train has no command 'dbscan': there are kmeans, spherical-kmeans, gmm.")]
    [InlineData(
        "list", "There is no command 'list': did you mean datasets list, models list, families list, retraining list, alerts list, "
            + "jobs list, tenants list, keys list or audit list?")]
    [InlineData("kmeans --k 3", "There is no command 'kmeans': did you mean train kmeans?")]
    [InlineData("import x y", "There is no command 'import': did you mean datasets import?")]
    public void A_mistyped_command_names_the_word_and_the_nearest_right_one(string line, string message) => Explain(line).ShouldBe(message);

    [Theory]
    [InlineData("train kmeans --dat x --k 3", "train kmeans has no option --dat: did you mean --data or --dates?")]
    [InlineData("train kmeans --data x --k 3 --restart 4", "train kmeans has no option --restart: did you mean --restarts?")]
    [InlineData("train kmeans --data x --k 3 --max-iteration=4", "train kmeans has no option --max-iteration: did you mean --max-iterations?")]
    [InlineData("train gmm --data x --k 3 --covarience diag", "train gmm has no option --covarience: did you mean --covariance?")]
    [InlineData("train kmeans --data x --k 3 --SEED 4", "train kmeans has no option --SEED: did you mean --seed?")]
    [InlineData("models list --reprot json", "models list has no option --reprot: did you mean --report?")]
    [InlineData("--reprot json models list", "models list has no option --reprot: did you mean --report?")]
    [InlineData("train kmeans --data x --k 3 --covariance diag", "train kmeans has no option --covariance: it is one of train gmm.")]
    [InlineData("score --model m --data x --hasty", "score has no option --hasty.")]
    public void A_mistyped_option_names_itself_and_the_nearest_right_one(string line, string message) => Explain(line).ShouldBe(message);

    [Theory]
    [InlineData("models list --report yaml", "--report yaml is not one of text, json, html.")]
    [InlineData("models list --report jsn", "--report jsn is not one of text, json, html: did you mean json?")]
    [InlineData("train kmeans --data x --k 2..9 --select silhouete", "--select silhouete is not one of silhouette, calinski-harabasz, davies-bouldin, elbow: "
        + "did you mean silhouette?")]
    [InlineData("train gmm --data x --k 2 --covariance diagonal", "--covariance diagonal is not one of full, tied, diag, spherical.")]
    [InlineData("train kmeans --data x --k 2 --seed two", "--seed two is not a whole number from 0 to 18446744073709551615.")]
    [InlineData("models name-cluster m one Europe", "CLUSTER one is not a whole number in the range that it can have.")]
    [InlineData("models promote m@2 --if-revision x", "--if-revision x is not a whole number in the range that it can have.")]
    public void A_wrong_value_names_the_option_and_the_value(string line, string message) => Explain(line).ShouldBe(message);

    [Theory]
    [InlineData("train kmeans --data x", "train kmeans needs --k K|A..B|LIST.")]
    [InlineData("train kmeans", "train kmeans needs --data FILE|DATASET and --k K|A..B|LIST.")]
    [InlineData("train kmeans --data x --k", "--k needs a value: --k K|A..B|LIST.")]
    [InlineData("train kmeans --data= --k=3", "--data needs a value: --data FILE|DATASET.")]
    [InlineData("score --data x --model --top 3", "--model needs a value before --top: --model NAME[@VERSION].")]
    [InlineData("assign", "assign needs --model NAME[@VERSION] and --data FILE|DATASET.")]
    [InlineData("jobs show", "jobs show needs ID.")]
    [InlineData("datasets import a", "datasets import needs FILE.")]
    [InlineData("models promote", "models promote needs NAME@VERSION.")]
    public void What_is_missing_is_named(string line, string message) => Explain(line).ShouldBe(message);

    [Theory]
    [InlineData("jobs show a b", "jobs show does not know what to do with 'b': it takes ID.")]
    [InlineData("train kmeans x --k 3", "train kmeans does not know what to do with 'x': it takes options only.")]
    [InlineData("demo now", "demo does not know what to do with 'now': it takes options only.")]
    [InlineData("train kmeans --k 3 --k 4 --data x", "--k is given 2 times: give it once.")]
    public void What_is_too_much_is_named(string line, string message) => Explain(line).ShouldBe(message);

    [Theory]
    [InlineData("models list")]
    [InlineData("train kmeans --data x --k 3 --seed 4 --report json")]
    [InlineData("train kmeans --help")]
    public void A_right_command_line_has_no_mistake(string line) => Parse(line).Errors.ShouldBeEmpty();

    private static string Explain(string line)
    {
        ParseResult parsed = Parse(line);
        parsed.Errors.ShouldNotBeEmpty();
        return Mistakes.Explain(parsed);
    }

    private static ParseResult Parse(string line) => CommandTree.Create().Parse(line.Split(' '), new ParserConfiguration { ResponseFileTokenReplacer = null });
}
