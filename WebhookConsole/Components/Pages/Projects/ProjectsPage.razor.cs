using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Projects;

/// <summary>All projects, for owners.</summary>
public partial class ProjectsPage
{
    // A shorter list is faster to scan than to search.
    private const int SearchFrom = 10;

    private LoadState<IReadOnlyList<ProjectSummary>> _projects = LoadState.Loading<IReadOnlyList<ProjectSummary>>();
    private bool _asked;
    private string? _search;
    private int _shown = ShowMore.Step;

    /// <summary>Any value opens the form for a new project, for links from elsewhere.</summary>
    [SupplyParameterFromQuery]
    private string? New { get; set; }

    [Inject]
    private ProjectService Service { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync() => _projects = await Page.ReadAsync(actor => Service.ListAsync(actor, Page.Closing));

    private List<ProjectSummary> Found(IReadOnlyList<ProjectSummary> all) =>
        [.. all.Where(s => string.IsNullOrEmpty(_search) || Has(s.Project.Name) || Has(s.Project.Slug))];

    private bool Has(string text) => text.Contains(_search!, StringComparison.OrdinalIgnoreCase);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (New is null)
        {
            _asked = false;
        }
        else if (!_asked && _projects.HasValue)
        {
            _asked = true;

            // A reload or the back button must not open it again.
            if (!await CreateAsync() && !Page.Closing.IsCancellationRequested)
            {
                Navigation.NavigateTo(ConsoleUrls.Projects, replace: true);
            }
        }
    }

    /// <returns>False when none was created.</returns>
    private async Task<bool> CreateAsync()
    {
        Project? made = null;
        Func<ProjectForm, Task<RuleException?>> save = form =>
            Page.SubmitAsync(async actor => made = await Service.CreateAsync(actor, form.Name, form.SlugOrSuggestion));
        await OpenAsync("New project", null, save);
        if (made is not null)
        {
            Notices.Done($"{made.Name} is ready. Create its first webhook.");
            Navigation.NavigateTo(ConsoleUrls.Overview(made.Slug));
        }

        return made is not null;
    }

    private async Task RenameAsync(Project project)
    {
        await OpenAsync("Rename project", project, form => Page.SubmitAsync(actor => Service.RenameAsync(actor, project.Id, form.Name)));
        await LoadAsync();
    }

    private async Task DeleteAsync(ProjectSummary row)
    {
        ConfirmRequest question = new("Delete this project?", $"“{row.Project.Name}” is deleted for everybody. This cannot be undone.", "Delete project")
        {
            Danger = true,
            Consequences =
            [
                "Its API tokens and inboxes stop working at once.",
                $"Its {row.Members} {(row.Members == 1 ? "membership ends" : "memberships end")}; the accounts stay.",
                "It must not have any webhooks left.",
            ],
            TypeToConfirm = row.Project.Slug,
        };
        if (await Dialogs.AskAsync(question) && await Page.TryAsync(actor => Service.DeleteAsync(actor, row.Project.Id)))
        {
            Notices.Done($"{row.Project.Name} has been deleted.");
            await LoadAsync();
        }
    }

    private async Task OpenAsync(string title, Project? project, Func<ProjectForm, Task<RuleException?>> save) =>
        await Dialogs.OpenAsync<ProjectDialog>(
            title,
            new Dictionary<string, object?> { [nameof(ProjectDialog.Project)] = project, [nameof(ProjectDialog.Save)] = save },
            DialogExtensions.Options("460px")
        );
}
