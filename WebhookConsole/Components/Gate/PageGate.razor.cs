using Microsoft.AspNetCore.Components;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// Enforces the rule of the page below it, when it opens and for as long as it is open: the person is read again every half minute and
/// whenever people, roles or memberships change.
/// </summary>
public sealed partial class PageGate : IDisposable
{
    private readonly CancellationTokenSource _closing = new();

    // The source cannot give its token any more once it has been disposed.
    private readonly CancellationToken _closed;
    private (Type? Page, string? Project) _asked;
    private PageAccess? _access;
    private bool _opening = true;
    private IDisposable? _ticks;

    public PageGate() => _closed = _closing.Token;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Called with each result.</summary>
    [Parameter]
    public EventCallback<PageAccess> OnAnswer { get; set; }

    [CascadingParameter]
    private Microsoft.AspNetCore.Components.RouteData? Route { get; set; }

    [Inject]
    private ConsoleSession Session { get; set; } = default!;

    [Inject]
    private ProjectDirectory Projects { get; set; } = default!;

    [Inject]
    private AccessChanges Changes { get; set; } = default!;

    [Inject]
    private UiTicker Ticker { get; set; } = default!;

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        _ticks?.Dispose();
        Changes.Changed -= OnChanged;
    }

    protected override void OnInitialized()
    {
        _ticks = Ticker.Subscribe(() => OnChanged(this, EventArgs.Empty));
        Changes.Changed += OnChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        (Type? Page, string? Project) asked = (
            Route?.PageType,
            Route?.RouteValues.TryGetValue(nameof(ConsolePage.ProjectSlug), out object? slug) == true ? slug as string : null
        );
        if (asked != _asked)
        {
            // Nothing of the new page is shown before the answer; the same page with other parameters stays as it is.
            _asked = asked;
            _access = null;
            await CheckAsync();
        }
    }

    // When the circuit opens, the person has just been read.
    private async Task<Actor> PersonAsync()
    {
        bool opening = _opening;
        _opening = false;
        return opening ? await Session.LastActorAsync(_closed) : await Session.ActorAsync(_closed);
    }

    private void OnChanged(object? sender, EventArgs e) => _ = InvokeAsync(RecheckAsync);

    private async Task RecheckAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await CheckAsync();
            StateHasChanged();
        }
    }

    private async Task CheckAsync()
    {
        (Type? Page, string? Project) asked = _asked;
        PageRule? rule = asked.Page is null ? null : PageRule.Of(asked.Page);
        try
        {
            PageAccess access = rule is null or { IsForAnyone: true }
                ? PageAccess.Open
                : await rule.CheckAsync(await PersonAsync(), asked.Project, Projects, _closed);
            if (asked == _asked)
            {
                _access = access;
                await OnAnswer.InvokeAsync(access);
            }
        }
        catch (OperationCanceledException)
        {
            // The page is being left, or the session has ended.
        }
    }
}
