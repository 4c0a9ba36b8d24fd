using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansCluster.Pages.Frame;

/// <summary>Makes HTML of pages.</summary>
public static class PageWriter
{
    // Components are given all that they show: there is nothing for them to look up.
    private static readonly ServiceProvider Nothing = new ServiceCollection().BuildServiceProvider();

    /// <summary>Renders a page.</summary>
    /// <param name="visit">Who looks at it.</param>
    /// <param name="title">What it is called, beside the product's name.</param>
    /// <param name="parameters">What the view shows, by the names of its parameters.</param>
    /// <typeparam name="TView">The view.</typeparam>
    public static async Task<string> RenderAsync<TView>(Visit visit, string title, IReadOnlyDictionary<string, object?> parameters)
        where TView : IComponent
    {
        await using var renderer = new HtmlRenderer(Nothing, NullLoggerFactory.Instance);
        var view = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(Document.Visit)] = visit,
            [nameof(Document.Title)] = title,
            [nameof(Document.View)] = typeof(TView),
            [nameof(Document.Parameters)] = parameters.ToDictionary(),
        });
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            using var text = new StringWriter();
            (await renderer.RenderComponentAsync<Document>(view).ConfigureAwait(false)).WriteHtmlTo(text);
            return text.ToString();
        }).ConfigureAwait(false);
    }
}
