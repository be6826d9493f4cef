using System.Data.Common;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Radzen;
using WebhookConsole.Access;
using WebhookConsole.Components.Account;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>
/// Base of the pages of a project. Derived pages load in <see cref="LoadAsync"/>, do things through <see cref="TryAsync"/>, and
/// follow changes with <see cref="Follow"/>; everything ends when the page is left.
/// </summary>
[Authorize]
public abstract class ProjectPage : ComponentBase, IAsyncDisposable
{
    // At most two refreshes a second: fast enough to feel live, slow enough to read.
    private static readonly TimeSpan s_throttle = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _closing = new();
    private Actor? _actor;
    private Task _following = Task.CompletedTask;
    private ChangeSubscription? _subscription;

    /// <summary>Slug in the address.</summary>
    [Parameter]
    public string ProjectSlug { get; set; } = "";

    [Inject]
    protected ConsoleSession Session { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected NotificationService Notifications { get; set; } = default!;

    [Inject]
    protected ChangeFeed Feed { get; set; } = default!;

    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    [Inject]
    private ILoggerFactory Logs { get; set; } = default!;

    /// <summary>Known once <see cref="LoadAsync"/> is called.</summary>
    protected Project? Project { get; private set; }

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Closing => _closing.Token;

    /// <summary>The project or what the page shows does not exist, or not for this person: render <c>NotFoundView</c>.</summary>
    protected bool Missing { get; private set; }

    /// <summary>Whether to show a control; the services ask the same rule again.</summary>
    protected bool May(Permission permission) => Project is not null && _actor is not null && AccessPolicy.May(_actor, permission, Project.Id);

    /// <summary>The person as of now; use it for one action.</summary>
    protected async Task<Actor> ActorAsync() => _actor = await Session.ActorAsync(Closing);

    /// <summary>Called when project and parameters are known, and again whenever the parameters change.</summary>
    protected abstract Task LoadAsync();

    protected sealed override async Task OnParametersSetAsync()
    {
        try
        {
            if (Project is null || Project.Slug != ProjectSlug)
            {
                await ActorAsync();
                Project = await Session.EnterAsync(ProjectSlug, Closing);
                await StopFollowingAsync();
            }

            Missing = false;
            await LoadAsync();
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            Missing = true;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left while it loaded.
        }
    }

    /// <summary>Does something for the person; a refusal becomes a notification that says what to do.</summary>
    /// <returns>False when it did not work.</returns>
    protected async Task<bool> TryAsync(Func<Actor, Task> action)
    {
        bool done = false;
        RuleException? refusal = await SubmitAsync(async actor =>
        {
            await action(actor);
            done = true;
        });
        if (refusal is not null)
        {
            Notifications.Notify(NotificationSeverity.Error, refusal.Message);
        }

        return done;
    }

    /// <summary>As <see cref="TryAsync"/>, for forms, which show the refusal themselves and at the field it is about.</summary>
    /// <returns>Null when it worked.</returns>
    protected async Task<RuleException?> SubmitAsync(Func<Actor, Task> action)
    {
        try
        {
            await action(await ActorAsync());
        }
        catch (RuleException exception)
        {
            return exception;
        }
        catch (Exception exception) when (IsDatabaseFailure(exception))
        {
            return RuleException.Unavailable($"The database cannot be written now. Nothing was changed; try again in a moment. Reference {Log(exception)}");
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left meanwhile; what was asked for goes on or not, nobody is there to tell.
        }

        return null;
    }

    /// <summary>Reads what the page shows. NotFound is thrown on, so that the whole page says it.</summary>
    protected async Task<LoadState<T>> ReadAsync<T>(Func<Actor, Task<T>> read)
    {
        try
        {
            return LoadState.Loaded(await read(await ActorAsync()));
        }
        catch (RuleException exception) when (exception.Kind != RefusalKind.NotFound)
        {
            return LoadState.Failed<T>(exception.Message);
        }
        catch (Exception exception) when (IsDatabaseFailure(exception))
        {
            return LoadState.Failed<T>("The database does not answer. Deliveries go on as soon as it does; try again in a moment.", Log(exception));
        }
    }

    /// <summary>Calls <paramref name="refresh"/> after changes of the given kind, on the page's own thread, until the page is left. Call it once.</summary>
    protected void Follow(ChangeKind kind, Func<Task> refresh) => Follow([kind], refresh);

    /// <summary>As the other overload, for a page that shows several kinds of things.</summary>
    protected void Follow(IReadOnlyCollection<ChangeKind> kinds, Func<Task> refresh)
    {
        if (_following.IsCompleted && Project is not null && !_closing.IsCancellationRequested)
        {
            _subscription = Feed.Subscribe(Project.Id);
            _following = FollowAsync(_subscription, kinds, refresh);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _following;
        _closing.Dispose();
        await DisposeCoreAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask DisposeCoreAsync() => ValueTask.CompletedTask;

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

    // The services write through EF Core, the engine through its store: a full or locked database shows as any of these.
    private static bool IsDatabaseFailure(Exception exception) => exception is StoreUnavailableException or DbException or DbUpdateException;

    private string Log(Exception exception)
    {
        string reference = Ids.New(Clock.GetUtcNow()).ToString();
        Logs.CreateLogger(GetType()).LogError(exception, "A page could not reach the database, reference {Reference}", reference);
        return reference;
    }
}
