namespace OrleansCluster.Cli.Tests;

/// <summary>What cannot be asked of a model is refused with what to do, and changes nothing. All cases share one model.</summary>
[Collection(nameof(CommandLine))]
public sealed class ModelRefusalTests(ModelRefusalTests.Model model) : IClassFixture<ModelRefusalTests.Model>
{
    private const int Usage = 2;

    [Theory]
    [InlineData("has no version 9: it has 1", "models", "promote", "m@9")]
    [InlineData("no model 'other'", "models", "promote", "other@1")]
    [InlineData("names no version", "models", "promote", "m")]
    [InlineData("contains '/'", "models", "promote", "../m@1")]
    [InlineData("contains '/'", "models", "promote", "m@1", "--to", "a/b")]
    [InlineData("'newest'", "models", "alias", "m@1", "newest")]
    [InlineData("7", "models", "alias", "m@1", "7")]
    [InlineData("nothing to go back to", "models", "rollback", "m")]
    [InlineData("has no alias 'old'", "models", "alias", "m", "old", "--remove")]
    [InlineData("names a version", "models", "rollback", "m@1")]
    [InlineData("'red' is no tag: write KEY=VALUE", "models", "tag", "m@1", "red")]
    [InlineData("contains '/'", "models", "tag", "m@1", "../x=1")]
    [InlineData("never had a cluster 17: the stable ids given so far are 0 … 3", "models", "name-cluster", "m", "17", "lost")]
    [InlineData("'blue' is no colour: write it as #rrggbb", "models", "name-cluster", "m", "1", "--colour", "blue")]
    [InlineData("--keep", "models", "prune", "m")]
    [InlineData("--keep 0", "models", "prune", "m", "--keep", "0")]
    [InlineData("two models", "models", "diff", "m@1", "other@1")]
    [InlineData("has no version 2", "models", "diff", "m@1", "@2")]
    [InlineData("add --report html", "models", "diff", "m@1", "m@1", "--out", "page.html")]
    [InlineData("give its name alone", "models", "audit", "m@1")]
    [InlineData("no model 'other'", "models", "audit", "other")]
    [InlineData("--last 0", "models", "audit", "m", "--last", "0")]
    [InlineData("has the columns x, y, these rows have x, z (missing: y; not in the "
        + "model: z)", "train", "kmeans", "--data", "wide.csv", "--columns", "x,z", "--k", "2", "--model", "m")]
    [InlineData("has the columns x, y, these rows have y, x (the "
        + "order differs)", "train", "kmeans", "--data", "wide.csv", "--columns", "y,x", "--k", "2", "--model", "m")]
    [InlineData("lacks the model's column 'y'", "retrain", "m", "--data", "narrow.csv")]
    public Task Of_versions(string why, params string[] arguments) => RefusedAsync(why, arguments);

    [Theory]
    [InlineData("add up to 99%", "route", "set", "m", "1=99%")]
    [InlineData("two shares", "route", "set", "m", "1=50%", "1=50%")]
    [InlineData("has no version 7", "route", "set", "m", "7=100%")]
    [InlineData("is no share", "route", "set", "m", "7")]
    [InlineData("finer than 0.01%", "route", "set", "m", "1=99.999%", "1=0.001%")]
    [InlineData("is the champion", "route", "canary", "m", "1", "--to", "5%")]
    [InlineData("either --to", "route", "canary", "m", "1")]
    [InlineData("no duration", "route", "canary", "m", "1", "--every", "soon")]
    [InlineData("has no alias 'other'", "route", "shadow", "m", "other")]
    [InlineData("contains '/'", "route", "show", "../m")]
    [InlineData("no model 'nothing'", "route", "abort", "nothing")]
    [InlineData("needs --fresh", "retrain", "m", "--data", "points", "--restarts", "3")]
    [InlineData("no model 'nothing'", "retrain", "nothing", "--data", "points")]
    [InlineData("neither a file nor a dataset", "retrain", "m", "--data", "nothing")]
    [InlineData("0% to 100%", "models", "policy", "m", "--churn", "150%")]
    [InlineData("name their dataset", "models", "policy", "m", "--log-likelihood", "-3")]
    [InlineData("'inertia', which is no metric: there are objective", "models", "policy", "m", "--file", "unknown.json")]
    [InlineData("line 2: this is no JSON", "models", "policy", "m", "--file", "broken.json")]
    public Task Of_routes_policies_and_retrainings(string why, params string[] arguments) => RefusedAsync(why, arguments);

    private async Task RefusedAsync(string why, string[] arguments) => (await model.Work.RunAsync(arguments)).Refused(Usage).ShouldContain(why);

    /// <summary>A model whose first version is champion, with files to give with requests. It must be at the end what it was.</summary>
    public sealed class Model : IAsyncLifetime
    {
        private string _before = "";

        internal Workspace Work { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Work = await RouteTests.Trained();
            Work.Write("wide.csv", "x,y,z\n1,2,3\n4,5,6\n7,8,9\n0,1,5\n2,9,4\n");
            Work.Write("narrow.csv", "x,z\n1,2\n4,5\n7,8\n0,1\n2,9\n");
            Work.Write("unknown.json", """{"rules": [{"metric": "inertia", "limit": 1}]}""");
            Work.Write("broken.json", "{\"rules\":\n [}");
            _before = await StateAsync();
        }

        public async ValueTask DisposeAsync()
        {
            using (Work)
                (await StateAsync()).ShouldBe(_before);
        }

        private async Task<string> StateAsync() =>
            (await Work.JsonAsync("models", "show", "m")).GetRawText() + (await Work.JsonAsync("route", "show", "m")).GetRawText()
                + (await Work.JsonAsync("models", "policy", "m")).GetRawText();
    }
}
