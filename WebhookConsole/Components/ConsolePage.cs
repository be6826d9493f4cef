using System.Data.Common;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Radzen;
using WebhookConsole.Components.Gate;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components;

/// <summary>
/// Base of the pages behind the sign-in. Derived pages load in <see cref="LoadAsync"/>, do things through <see cref="TryAsync"/> or
/// <see cref="SubmitAsync"/>, and read again when the person's role or projects change; everything ends when the page is left.
/// </summary>
[Authorize]
public abstract class ConsolePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private bool _listening;
    private bool _entered;

    [Inject]
    protected ConsoleSession Session { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected NotificationService Notifications { get; set; } = default!;

    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    [Inject]
    private ILoggerFactory Logs { get; set; } = default!;

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Closing => _closing.Token;

    /// <summary>What the page shows does not exist, or not for this person: render <c>NotFoundView</c>.</summary>
    protected bool Missing { get; set; }

    /// <summary>The person as of now; use it for one action.</summary>
    protected Task<Actor> ActorAsync() => Session.ActorAsync(Closing);

    /// <summary>Called when the parameters are known, and again whenever they or the person's rights change.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Called before <see cref="LoadAsync"/>.</summary>
    /// <exception cref="RuleException">NotFound: the page is <see cref="Missing"/>.</exception>
    protected virtual Task EnterAsync() => ActorAsync();

    protected sealed override async Task OnParametersSetAsync()
    {
        if (!_listening)
        {
            _listening = true;
            Session.Changed += OnPersonChanged;
        }

        _entered = false;
        try
        {
            await EnterAsync();
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
        finally
        {
            _entered = true;
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

    public async ValueTask DisposeAsync()
    {
        Session.Changed -= OnPersonChanged;
        await _closing.CancelAsync();
        await LeaveAsync();
        _closing.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called when <see cref="Closing"/> has ended.</summary>
    protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    private void OnPersonChanged(object? sender, EventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            // The first read of the person is part of loading; a later one means that other things may be shown now.
            if (_entered && !_closing.IsCancellationRequested)
            {
                await OnParametersSetAsync();
                StateHasChanged();
            }
        });

    // The services write through EF Core, the engine through its store: a full or locked database shows as any of these.
    private static bool IsDatabaseFailure(Exception exception) => exception is StoreUnavailableException or DbException or DbUpdateException;

    private string Log(Exception exception)
    {
        string reference = Ids.New(Clock.GetUtcNow()).ToString();
        Logs.CreateLogger(GetType()).LogError(exception, "A page could not reach the database, reference {Reference}", reference);
        return reference;
    }
}
