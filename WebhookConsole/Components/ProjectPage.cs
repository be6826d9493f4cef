using Microsoft.AspNetCore.Components;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.People;

namespace WebhookConsole.Components;

/// <summary>Base of the pages of a project; they follow its changes with <see cref="Follow(ChangeKind, Func{Task})"/>.</summary>
public abstract class ProjectPage : ConsolePage
{
    // At most two refreshes a second: fast enough to feel live, slow enough to read.
    private static readonly TimeSpan s_throttle = TimeSpan.FromMilliseconds(500);

    private Task _following = Task.CompletedTask;
    private ChangeSubscription? _subscription;

    /// <summary>Slug in the address.</summary>
    [Parameter]
    public string ProjectSlug { get; set; } = "";

    [Inject]
    protected ChangeFeed Feed { get; set; } = default!;

    /// <summary>Known once <see cref="ConsolePage.LoadAsync"/> is called.</summary>
    protected Project? Project { get; private set; }

    /// <summary>Whether to show a control; the services ask the same rule again.</summary>
    protected bool May(Permission permission) => Project is not null && Session.Person is { } person && AccessPolicy.May(person, permission, Project.Id);

    protected sealed override async Task EnterAsync()
    {
        if (Project is null || Project.Slug != ProjectSlug)
        {
            Project = await Session.EnterAsync(ProjectSlug, Closing);
            await StopFollowingAsync();
        }
    }

    /// <summary>Calls <paramref name="refresh"/> after changes of the given kind, on the page's own thread, until the page is left. Call it once.</summary>
    protected void Follow(ChangeKind kind, Func<Task> refresh) => Follow([kind], refresh);

    /// <summary>As the other overload, for a page that shows several kinds of things.</summary>
    protected void Follow(IReadOnlyCollection<ChangeKind> kinds, Func<Task> refresh)
    {
        if (_following.IsCompleted && Project is not null && !Closing.IsCancellationRequested)
        {
            _subscription = Feed.Subscribe(Project.Id);
            _following = FollowAsync(_subscription, kinds, refresh);
        }
    }

    protected sealed override async ValueTask LeaveAsync()
    {
        await _following;
        await LeavePageAsync();
    }

    /// <summary>Called when the page is left and nothing follows any more.</summary>
    protected virtual ValueTask LeavePageAsync() => ValueTask.CompletedTask;

    // The page shows another project now.
    private async Task StopFollowingAsync()
    {
        _subscription?.Dispose();
        await _following;
    }

    private async Task FollowAsync(ChangeSubscription subscription, IReadOnlyCollection<ChangeKind> kinds, Func<Task> refresh)
    {
        using (subscription)
        {
            try
            {
                while (!Closing.IsCancellationRequested)
                {
                    IReadOnlyList<ChangeNotice> notices = await subscription.NextAsync(Closing);
                    if (notices.Count == 0)
                    {
                        return;
                    }

                    if (notices.Any(n => kinds.Contains(n.Kind)))
                    {
                        await InvokeAsync(() => RefreshAsync(refresh));
                        await Task.Delay(s_throttle, Clock, Closing);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The page was left.
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                await DispatchExceptionAsync(exception);
            }
        }
    }

    private async Task RefreshAsync(Func<Task> refresh)
    {
        try
        {
            await refresh();
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            // What the page shows, or the membership in its project, was taken away while it was open.
            Missing = true;
        }

        StateHasChanged();
    }
}
