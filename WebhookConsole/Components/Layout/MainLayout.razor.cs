using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using WebhookConsole.Components.Gate;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Layout;

/// <summary>Navigation on the left (a drawer on a phone), the page, and the hosts of dialogs, notifications and menus.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ConsoleErrorBoundary? _boundary;
    private ElementReference _openButton;
    private ElementReference _closeButton;
    private bool _navOpen;
    private bool _focusDrawer;
    private bool _missing;
    private bool _entered;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    [Inject]
    private BrowserTime Time { get; set; } = default!;

    [Inject]
    private ConsoleSession Session { get; set; } = default!;

    [Inject]
    private CurrentProject Project { get; set; } = default!;

    [Inject]
    private ProjectDirectory Projects { get; set; } = default!;

    [CascadingParameter]
    private Microsoft.AspNetCore.Components.RouteData? Route { get; set; }

    private string? RouteSlug => Route?.RouteValues.GetValueOrDefault(nameof(ConsolePage.ProjectSlug)) as string;

    private string Path => new Uri(Navigation.Uri).AbsolutePath;

    /// <summary>The slug in the address, or the last one seen when the address names no project that this person can see.</summary>
    private string? ProjectSlug => _missing ? Project.Slug : ConsoleUrls.ProjectOf(Path) ?? Project.Slug;

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        Project.Changed -= OnShownChanged;
        Session.Changed -= OnPersonChanged;
    }

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        Project.Changed += OnShownChanged;
        Session.Changed += OnPersonChanged;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Time.LoadAsync(Browser);
        }

        if (_focusDrawer)
        {
            _focusDrawer = false;
            await _closeButton.FocusAsync();
        }
    }

    private void OpenNav() => _navOpen = _focusDrawer = true;

    private async Task CloseNavAsync()
    {
        _navOpen = false;
        await _openButton.FocusAsync();
    }

    private async Task OnSidebarKeyAsync(KeyboardEventArgs e)
    {
        if (_navOpen && e.Key == "Escape")
        {
            await CloseNavAsync();
        }
    }

    private void OnPersonChanged(object? sender, EventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            await OfferProjectAsync();
            StateHasChanged();
        });

    private async Task OnAnswerAsync(PageAccess access)
    {
        _missing = access == PageAccess.Missing;
        _entered = access == PageAccess.Open && RouteSlug is not null;
        await OfferProjectAsync();
    }

    // A page of a project enters it. Anywhere else the navigation offers the project that the address names, if the person can see it, or else
    // the one that was seen last or that "/" leads to.
    private async Task OfferProjectAsync()
    {
        string? named = _entered ? null : ConsoleUrls.ProjectOf(Path);
        if ((ProjectSlug is null || (named is not null && named != Project.Slug)) && Session.Person is { } person)
        {
            IReadOnlyList<Project> projects = await Projects.ListAsync(person, CancellationToken.None);
            Project? offered = projects.FirstOrDefault(p => p.Slug == named);
            _missing |= named is not null && offered is null;
            if (Project.Slug is null && projects is [Project first, ..])
            {
                offered ??= first;
            }

            if (offered is not null)
            {
                Project.Set(offered.Id, offered.Slug, offered.Name);
            }
        }
    }

    private void OnShownChanged(object? sender, EventArgs e) => _ = InvokeAsync(StateHasChanged);

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        _navOpen = false;
        _boundary?.Recover();
        _ = InvokeAsync(StateHasChanged);
    }
}
