using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Gate;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Projects;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Palette;

/// <summary>Answers palette.js for the person of this circuit. Errors end in the browser, which keeps what it has.</summary>
public sealed partial class PaletteBridge : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private DotNetObjectReference<PaletteBridge>? _reference;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    [Inject]
    private ConsoleSession Session { get; set; } = default!;

    [Inject]
    private CurrentProject Current { get; set; } = default!;

    [Inject]
    private ProjectDirectory Projects { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private IdLookup Ids { get; set; } = default!;

    /// <summary>What the person may open and do.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<PaletteItem>> ListAsync()
    {
        Actor person = await Session.ActorAsync(_closing.Token);
        IReadOnlyList<Project> projects = await Projects.ListAsync(person, _closing.Token);
        Project? project = projects.FirstOrDefault(p => p.Id == Current.Id);
        IReadOnlyList<Webhook> webhooks =
            project is not null && AccessPolicy.May(person, Permission.ViewWebhooks, project.Id)
                ? await Webhooks.ListAsync(person, project.Id, _closing.Token)
                : [];
        return PaletteIndex.Of(person, project, projects, webhooks);
    }

    /// <summary>What an id belongs to.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<PaletteItem>> FindAsync(string text)
    {
        Actor person = await Session.ActorAsync(_closing.Token);
        IReadOnlyList<FoundId> found = await Ids.FindAsync(person, text, Current.Id, _closing.Token);
        if (found.Count == 0)
        {
            return [];
        }

        Dictionary<Guid, string> slugs = (await Projects.ListAsync(person, _closing.Token)).ToDictionary(p => p.Id, p => p.Slug);
        return [.. found.Where(f => slugs.ContainsKey(f.ProjectId)).Select(f => Item(f, slugs[f.ProjectId]))];
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _closing.Dispose();
        _reference?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _reference = DotNetObjectReference.Create(this);
            await Browser.InvokeVoidAsync("consolePalette.connect", _reference);
        }
    }

    // The whole id tells rows apart that begin alike.
    private static PaletteItem Item(FoundId found, string slug)
    {
        (string text, IconName icon, string href) = found.Kind switch
        {
            FoundKind.Webhook => ($"Webhook {found.Title}", IconName.Webhook, ConsoleUrls.Webhook(slug, found.Id)),
            FoundKind.Delivery => ($"Delivery of {found.Title}", IconName.Events, ConsoleUrls.Delivery(slug, found.Id)),
            FoundKind.Attempt => ($"Delivery of {found.Title} with this request", IconName.Events, ConsoleUrls.Delivery(slug, found.Id)),
            FoundKind.Event => ($"Deliveries of this {found.Title} event", IconName.Events, ConsoleUrls.EventSearch(slug, found.Id.ToString())),
            _ => throw new InvalidOperationException($"No link for {found.Kind}."),
        };
        return new PaletteItem("Found", text, icon) { Hint = $"{slug} · {found.Id}", Href = href };
    }
}
