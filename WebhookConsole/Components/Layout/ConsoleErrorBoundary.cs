using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using WebhookConsole.Components.Controls;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Layout;

/// <summary>Keeps an error of one page on that page: it shows a friendly text, a reference that is also in the log, and Retry.</summary>
public sealed partial class ConsoleErrorBoundary : ErrorBoundaryBase
{
    private string? _reference;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private ILogger<ConsoleErrorBoundary> Log { get; set; } = default!;

    protected override Task OnErrorAsync(Exception exception)
    {
        _reference = Ids.New(Clock.GetUtcNow()).ToString();
        PageFailed(Log, exception, _reference);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenComponent<ErrorState>(1);
        builder.AddComponentParameter(2, nameof(ErrorState.Title), "This page ran into a problem");
        builder.AddComponentParameter(
            3,
            nameof(ErrorState.Text),
            "Nothing was lost, and deliveries continue. Try again; if the problem persists, give the reference to whoever runs this installation."
        );
        builder.AddComponentParameter(4, nameof(ErrorState.Reference), _reference);
        builder.AddComponentParameter(5, nameof(ErrorState.OnRetry), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }

    [LoggerMessage(LogLevel.Error, "A console page failed, reference {Reference}")]
    private static partial void PageFailed(ILogger logger, Exception exception, string reference);
}
