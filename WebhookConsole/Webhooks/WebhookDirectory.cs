using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Cluster;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Signing;

namespace WebhookConsole.Webhooks;

/// <summary>
/// The engine's view of the webhooks, cached by project and dropped on every change. Intake asks for the subscribers of an
/// event, a lane for its own target.
/// </summary>
public sealed class WebhookDirectory
{
    private const string Topic = "webhook";

    private readonly IDbContextFactory<ConsoleDbContext> _contexts;
    private readonly SecretProtector _protector;
    private readonly ExtraHeaders _extraHeaders;
    private readonly ChangeFeed _feed;
    private readonly NodeMessages _messages;
    private readonly ILogger<WebhookDirectory> _log;
    private readonly ConcurrentDictionary<Guid, Task<ProjectTargets>> _projects = new();
    private readonly ConcurrentDictionary<Guid, Guid> _projectOf = new();
    private int _version;

    public WebhookDirectory(
        IDbContextFactory<ConsoleDbContext> contexts,
        SecretProtector protector,
        ExtraHeaders extraHeaders,
        ChangeFeed feed,
        NodeMessages messages,
        ILogger<WebhookDirectory> log
    )
    {
        _contexts = contexts;
        _protector = protector;
        _extraHeaders = extraHeaders;
        _feed = feed;
        _messages = messages;
        _log = log;
        messages.On(
            Topic,
            text =>
            {
                if (text.Split(' ') is [var project, var webhook] && Guid.TryParse(project, out Guid projectId) && Guid.TryParse(webhook, out Guid webhookId))
                {
                    Drop(projectId);
                    ChangedElsewhere?.Invoke(webhookId);
                }
            }
        );
        messages.Missed += DropEverything;
    }

    /// <summary>Raised when the lane of a webhook has to look at it: after a change, when the cache was dropped, and by <see cref="Wake"/>.</summary>
    public event Action<Guid>? Changed;

    /// <summary>Raised when another node has said that a webhook changed, and wakes its lane if nobody runs it.</summary>
    public event Action<Guid>? ChangedElsewhere;

    /// <summary>The existing webhooks of a project.</summary>
    public async ValueTask<ProjectTargets> OfProjectAsync(Guid projectId)
    {
        while (true)
        {
            int version = Volatile.Read(ref _version);
            Task<ProjectTargets> load = _projects.GetOrAdd(projectId, LoadAsync);
            if (version != Volatile.Read(ref _version))
            {
                // The entry was dropped between our read and our write, so this load may be older than the change.
                _projects.TryRemove(KeyValuePair.Create(projectId, load));
                continue;
            }

            try
            {
                return await load;
            }
            catch
            {
                // A failed load must not stay in the cache for everybody.
                _projects.TryRemove(KeyValuePair.Create(projectId, load));
                throw;
            }
        }
    }

    /// <summary>The target, or null when the webhook is deleted or unknown.</summary>
    public async ValueTask<DeliveryTarget?> FindAsync(Guid webhookId)
    {
        if (!_projectOf.TryGetValue(webhookId, out Guid projectId))
        {
            await using ConsoleDbContext db = await _contexts.CreateDbContextAsync();
            projectId = await db.Webhooks.Where(w => w.Id == webhookId).Select(w => w.ProjectId).SingleOrDefaultAsync();
            if (projectId == Guid.Empty)
            {
                return null;
            }

            _projectOf[webhookId] = projectId;
        }

        return (await OfProjectAsync(projectId)).ById.GetValueOrDefault(webhookId);
    }

    /// <summary>Must be called after a change is committed. A load that began before it is dropped with the cache entry.</summary>
    public void Invalidate(Guid projectId, Guid webhookId)
    {
        Drop(projectId);
        if (webhookId != Guid.Empty)
        {
            Changed?.Invoke(webhookId);
        }

        _messages.Send(Topic, $"{projectId} {webhookId}");
        _feed.Publish(new ChangeNotice(projectId, ChangeKind.Webhooks, webhookId));
    }

    /// <summary>Tells the lane of a webhook that it has something to do, although the webhook itself has not changed.</summary>
    public void Wake(Guid webhookId) => Changed?.Invoke(webhookId);

    private void Drop(Guid projectId)
    {
        Interlocked.Increment(ref _version);
        _projects.TryRemove(projectId, out _);
    }

    // Running lanes look at their webhooks at the latest when they are woken for a delivery, so nobody is woken here.
    private void DropEverything()
    {
        Interlocked.Increment(ref _version);
        _projects.Clear();
    }

    private async Task<ProjectTargets> LoadAsync(Guid projectId)
    {
        await using ConsoleDbContext db = await _contexts.CreateDbContextAsync();
        List<Webhook> webhooks = await db.Webhooks.AsNoTracking().Where(w => w.ProjectId == projectId && w.DeletedAt == null).ToListAsync();
        ILookup<Guid, WebhookSecret> secrets = (
            from s in await (from s in db.WebhookSecrets join w in db.Webhooks on s.WebhookId equals w.Id where w.ProjectId == projectId select s)
                .AsNoTracking()
                .ToListAsync()
            orderby s.ExpiresAt is null descending, s.CreatedAt descending
            select s
        ).ToLookup(s => s.WebhookId);
        List<string> types = await db.EventTypes.Where(t => t.ProjectId == projectId).Select(t => t.Name).ToListAsync();
        return new ProjectTargets(webhooks.Select(w => ToTarget(w, secrets[w.Id])).ToArray(), types);
    }

    // Values whose key is missing affect only their webhook: its deliveries wait, and everything else continues.
    private IReadOnlyList<T>? TryRead<T>(Webhook webhook, string what, Func<IReadOnlyList<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            _log.LogError(exception, "The {What} of webhook {WebhookId} cannot be decrypted with this key ring", what, webhook.Id);
            return null;
        }
    }

    private DeliveryTarget ToTarget(Webhook w, IEnumerable<WebhookSecret> secrets)
    {
        IReadOnlyList<(SigningSecret, DateTimeOffset?)>? keys = TryRead(
            w,
            "secret",
            () => secrets.Select(s => (_protector.Unprotect(s.ProtectedValue), s.ExpiresAt)).ToArray()
        );
        IReadOnlyList<HeaderField>? headers = TryRead(w, "extra headers", () => _extraHeaders.Read(w));
        return new DeliveryTarget
        {
            Id = w.Id,
            ProjectId = w.ProjectId,
            Name = w.Name,
            Scope = w.Scope,
            Url = new Uri(w.Url),
            EventFilter = w.EventFilter,
            State = w.State,
            HeldReason =
                keys is null ? "The signing secret cannot be decrypted: its key is missing from the key ring. Restore the key ring, or rotate the secret."
                : headers is null
                    ? "The extra headers cannot be decrypted: their key is missing from the key ring. Restore the key ring, or type their values again."
                : w.State switch
                {
                    WebhookState.Active => null,
                    WebhookState.Unverified => "The webhook is unverified: its endpoint has not yet answered a test event with 2xx.",
                    WebhookState.Error => w.StateReason is { } reason ? "The webhook was disabled. " + reason : "The webhook was disabled after failures.",
                    _ => "The webhook is disabled.",
                },
            Format = w.Format,
            SignatureHeader = w.SignatureHeader,
            RetrySchedule = w.RetrySchedule,
            Headers = headers ?? [],
            MaxInFlight = w.MaxInFlight,
            RateLimitPerSecond = w.RateLimitPerSecond,
            Secrets = keys ?? [],
        };
    }
}

/// <summary>The webhooks and known event types of a project at one moment.</summary>
public sealed class ProjectTargets(IReadOnlyList<DeliveryTarget> targets, IEnumerable<string> knownTypes)
{
    // Grows as events of new types are accepted; a duplicate insert is harmless.
    private readonly ConcurrentDictionary<string, byte> _knownTypes = new(knownTypes.Select(t => KeyValuePair.Create(t, (byte)0)), StringComparer.Ordinal);

    public IReadOnlyList<DeliveryTarget> Targets { get; } = targets;

    public IReadOnlyDictionary<Guid, DeliveryTarget> ById { get; } = targets.ToDictionary(t => t.Id);

    public bool KnowsType(string type) => _knownTypes.ContainsKey(type);

    public void AddType(string type) => _knownTypes.TryAdd(type, 0);
}
