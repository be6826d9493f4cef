using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Controls;

/// <summary>
/// Shows JSON that strangers wrote, indented and coloured, always as text and never as markup. Copy and Download use the exact
/// text, because signatures cover these bytes. Text that is not JSON (a response body) is shown unchanged.
/// </summary>
public partial class JsonView
{
    /// <summary>Above this many characters there is no colouring: tens of thousands of elements would make the page sluggish.</summary>
    public const int MaxColoured = 64 * 1024;

    private string _id = "";
    private string? _seen;
    private long _bytes;
    private bool _raw;
    private bool _wrap = true;
    private IReadOnlyList<JsonToken>? _tokens;

    /// <summary>The exact text.</summary>
    [Parameter, EditorRequired]
    public string Json { get; set; } = "";

    [Parameter]
    public string Title { get; set; } = "Payload";

    /// <summary>Name of the download, with extension; null for no download.</summary>
    [Parameter]
    public string? FileName { get; set; }

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    // A large text is then on the page only once.
    private bool ShowsExact => _raw || _tokens is null;

    private bool TooLarge => Json.Length > MaxColoured;

    private RenderFragment Body =>
        builder =>
        {
            if (ShowsExact)
            {
                builder.AddContent(0, Json);
                return;
            }

            foreach (JsonToken token in _tokens!)
            {
                if (token.Kind == JsonTokenKind.Plain)
                {
                    builder.AddContent(1, token.Text);
                    continue;
                }

                builder.OpenElement(2, "span");
                builder.AddAttribute(3, "class", token.Kind.Css());
                builder.AddContent(4, token.Text);
                builder.CloseElement();
            }
        };

    protected override void OnInitialized() => _id = $"code-{Ids.New(Clock.GetUtcNow()):n}";

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_seen, Json))
        {
            return;
        }

        _seen = Json;
        _bytes = Encoding.UTF8.GetByteCount(Json);
        _tokens = TooLarge ? null : JsonTokens.TryFormat(Json);
    }

    private async Task DownloadAsync() => await Browser.InvokeVoidAsync("consoleUi.download", FileName, "application/json", Json);
}
