using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Components.Gate;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>
/// What an open page and its lists and panels work with: the project, the person and their rights, reads and actions with failures turned
/// into sentences, and changes as they happen. The layout makes one for each page; it ends when the page is left.
/// </summary>
public sealed partial class PageHost : IAsyncDisposable
{
    /// <summary>At most two refreshes a second: fast enough to feel live, slow enough to read.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _closing = new();

    // The source cannot give its token any more once the page has been left, and a slow action may ask for it only then.
    private readonly CancellationToken _closed;
    private readonly Dictionary<ChangeSubscription, (Func<Task> Refresh, Task Loop)> _followers = [];
    private Project? _project;
    private bool _missing;

    public PageHost() => _closed = _closing.Token;

    /// <summary>Slug of the project in the address; null on pages of the installation.</summary>
    [Parameter]
    public string? Slug { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Inject]
    private ConsoleSession Session { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    [Inject]
    private ChangeFeed Feed { get; set; } = default!;

    [Inject]
    private RefreshTurns Turns { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private ILogger<PageHost> Logger { get; set; } = default!;

    /// <summary>Ends when the page is left.</summary>
    public CancellationToken Closing => _closed;

    /// <exception cref="InvalidOperationException">On a page of the installation.</exception>
    public Project Project => _project ?? throw new InvalidOperationException("This page belongs to no project.");

    /// <summary>The person as last read, for deciding what to show.</summary>
    public Actor? Person => Session.Person;

    /// <summary>Whether to show a control; the services check the same rule again.</summary>
    public bool May(Permission permission) => Person is { } person && AccessPolicy.May(person, permission, _project?.Id);

    /// <summary>Performs an action for the person; a refusal becomes a notification that says what to do.</summary>
    /// <returns>False when it did not work.</returns>
    public async Task<bool> TryAsync(Func<Actor, Task> action)
    {
        bool done = false;
        RuleException? refusal = await SubmitAsync(async actor =>
        {
            await action(actor);
            done = true;
        });
        if (refusal is not null)
        {
            Notices.Failed(refusal.Message);
        }

        return done;
    }

    /// <summary>Like <see cref="TryAsync"/>, for actions that have a result.</summary>
    /// <returns>The default of the type when it did not work.</returns>
    public async Task<T?> TryGetAsync<T>(Func<Actor, Task<T>> action)
    {
        T? result = default;
        await TryAsync(async actor => result = await action(actor));
        return result;
    }

    /// <summary>Like <see cref="TryAsync"/>, for forms, which show the refusal themselves next to its field.</summary>
    /// <returns>Null when it worked.</returns>
    public async Task<RuleException?> SubmitAsync(Func<Actor, Task> action)
    {
        try
        {
            await action(await Session.ActorAsync(Closing));
        }
        catch (RuleException exception)
        {
            return exception;
        }
        catch (Exception exception) when (IsDatabaseFailure(exception))
        {
            return RuleException.Unavailable(
                $"The database cannot be written right now. Nothing was changed; try again in a moment. Reference {Log(exception)}"
            );
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Only reads end with the page. A dialog may still be open: it outlives a page that the person may no longer see.
            return RuleException.Conflict("page_left", "The page was left before this was done. Nothing was changed.");
        }

        return null;
    }

    /// <summary>
    /// Reads what a page shows. The person is the one that the page's gate has read: it reads them again every half minute and
    /// whenever people, roles or memberships change, so that live lists need not. In the first response nothing is read, and the page shows
    /// what it shows while it loads.
    /// </summary>
    public async Task<LoadState<T>> ReadAsync<T>(Func<Actor, Task<T>> read)
    {
        if (Session.IsFrame)
        {
            return LoadState.Loading<T>();
        }

        try
        {
            return LoadState.Loaded(await read(await Session.LastActorAsync(Closing)));
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            return LoadState.Missing<T>();
        }
        catch (RuleException exception)
        {
            return LoadState.Failed<T>(exception.Message);
        }
        catch (Exception exception) when (IsDatabaseFailure(exception))
        {
            return LoadState.Failed<T>("The database does not answer. Deliveries continue as soon as it does; try again in a moment.", Log(exception));
        }
    }

    /// <summary>Calls <paramref name="refresh"/> on the page's own thread after changes of these kinds and when the rights of the person have changed.</summary>
    /// <param name="rest">The minimum time between two refreshes; null for <see cref="Rest"/>.</param>
    /// <returns>Dispose it to stop; it also ends with the page.</returns>
    public IDisposable Follow(IReadOnlyCollection<ChangeKind> kinds, Func<Task> refresh, Func<TimeSpan>? rest = null)
    {
        ChangeSubscription changes = Feed.Subscribe(_project?.Id ?? Guid.Empty);
        _followers[changes] = (refresh, FollowAsync(changes, kinds, refresh, rest ?? (() => Rest)));
        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        Session.Changed -= OnPersonChanged;
        await _closing.CancelAsync();
        await Task.WhenAll(_followers.Values.Select(f => f.Loop).ToArray());
        _closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        Session.Changed += OnPersonChanged;
        if (Slug is not null)
        {
            try
            {
                _project = await Session.EnterAsync(Slug, Closing);
            }
            catch (RuleException)
            {
                // The project was taken away after the gate checked.
                _missing = true;
            }
        }
    }

    private async Task FollowAsync(ChangeSubscription changes, IReadOnlyCollection<ChangeKind> kinds, Func<Task> refresh, Func<TimeSpan> rest)
    {
        try
        {
            while (await changes.NextAsync(Closing) is { Any: true } changed)
            {
                if (kinds.Any(changed.Contains))
                {
                    await Turns.RunAsync(() => InvokeAsync(refresh), Closing);
                    await Task.Delay(rest(), Clock, Closing);
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
        finally
        {
            changes.Dispose();
            _followers.Remove(changes);
        }
    }

    private void OnPersonChanged(object? sender, EventArgs e) => _ = InvokeAsync(() => Task.WhenAll(_followers.Values.Select(f => f.Refresh()).ToArray()));

    // The services write through EF Core, the engine through its store: a full or locked database can show up as any of these.
    private static bool IsDatabaseFailure(Exception exception) => exception is StoreUnavailableException or DbException or DbUpdateException;

    private string Log(Exception exception)
    {
        string reference = Ids.New(Clock.GetUtcNow()).ToString();
        Logger.LogError(exception, "A page could not reach the database, reference {Reference}", reference);
        return reference;
    }
}
