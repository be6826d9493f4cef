using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace WebhookConsole.Components.Controls;

/// <summary>
/// Draws its content again only when a value has changed. For the rows of live lists: comparing a value costs next to nothing beside
/// drawing a row and everything in it.
/// </summary>
public sealed class WhenChanged : ComponentBase
{
    private object? _drawn;

    /// <summary>Everything that the content shows or does, as a value with equality (a tuple).</summary>
    [Parameter, EditorRequired]
    public object Of { get; set; } = default!;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override bool ShouldRender() => !Of.Equals(_drawn);

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        _drawn = Of;
        builder.AddContent(0, ChildContent);
    }
}
