using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Layout;

/// <summary>The projects of the person; follows them as they come, go and are renamed.</summary>
public sealed partial class ProjectSwitcher
{
    private IReadOnlyList<Project> _projects = [];
    private Actor? _listedFor;
    private bool _disposed;

    /// <summary>Name of the project that is shown.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public string Slug { get; set; } = "";

    /// <summary>The person; null before they are known.</summary>
    [Parameter]
    public Actor? Person { get; set; }

    [Inject]
    private ProjectDirectory Projects { get; set; } = default!;

    [Inject]
    private AccessChanges Changes { get; set; } = default!;

    [Inject]
    private CurrentProject Current { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool MayCreate => Person is not null && AccessPolicy.May(Person, Permission.ManageProjects);

    public void Dispose()
    {
        _disposed = true;
        Changes.Changed -= OnChanged;
    }

    protected override void OnInitialized() => Changes.Changed += OnChanged;

    protected override async Task OnParametersSetAsync()
    {
        // The session creates a new actor for every read; only the projects matter here.
        if (Person is { } person && (_listedFor is not { } last || last.Role != person.Role || !last.Projects.SetEquals(person.Projects)))
        {
            await ListAsync(person);
        }
    }

    private async Task ListAsync(Actor person)
    {
        _listedFor = person;
        _projects = await Projects.ListAsync(person, CancellationToken.None);
        if (_projects.FirstOrDefault(p => p.Id == Current.Id) is { } current)
        {
            Current.Set(current.Id, current.Slug, current.Name);
        }
        else if (_projects is [Project first, ..] && ConsoleUrls.ProjectOf(new Uri(Navigation.Uri).AbsolutePath) is null)
        {
            // The project shown last is gone, and this is a page of the installation.
            Current.Set(first.Id, first.Slug, first.Name);
        }
    }

    private void OnChanged(object? sender, EventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            if (!_disposed && Person is { } person)
            {
                await ListAsync(person);
                StateHasChanged();
            }
        });

    private async Task SearchAsync() =>
        await Dialogs.OpenAsync<ProjectSearchDialog>(
            "Switch project",
            new Dictionary<string, object?>
            {
                [nameof(ProjectSearchDialog.Projects)] = _projects,
                [nameof(ProjectSearchDialog.Slug)] = Slug,
                [nameof(ProjectSearchDialog.MayCreate)] = MayCreate,
            },
            DialogExtensions.Options("420px")
        );
}
