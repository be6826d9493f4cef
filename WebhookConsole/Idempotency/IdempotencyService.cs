using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Idempotency;

/// <summary>A call with its key.</summary>
/// <param name="Fingerprint">SHA-256 of method, address and body.</param>
public sealed record KeyedRequest(Guid ActorId, string Key, byte[] Fingerprint)
{
    /// <summary>The project in the address; null where only the change knows it.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>What the address names, as in the audit log; null where only the change knows it.</summary>
    public string? TargetKind { get; init; }

    public Guid? TargetId { get; init; }
}

/// <summary>An answer that was given before.</summary>
/// <param name="ProjectId">Where it belongs: whoever asks again must still be allowed to.</param>
public sealed record KeptAnswer(Guid ProjectId, int Status, string? Location, byte[] Json);

/// <summary>
/// Answers a repeated call with the answer of the first one (specification §12). The key is written in the transaction of the change, so
/// neither ever exists without the other. A call that sends requests writes its key before them, because no transaction takes back what was
/// sent. The answer follows when it is known; if the process dies in between, a repeated call is told what the first one was about.
/// </summary>
public sealed class IdempotencyService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    KeptAnswers answers,
    TimeProvider clock,
    ILogger<IdempotencyService> log
)
{
    /// <summary>Finds the answer of an earlier call.</summary>
    /// <returns>Null when the key is new.</returns>
    /// <exception cref="RuleException">
    /// Unprocessable <c>idempotency_key_mismatch</c>: it belongs to another request; Conflict <c>idempotency_key_used</c>: the answer is not known.
    /// </exception>
    public async Task<KeptAnswer?> FindAsync(KeyedRequest request, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await RowOf(db.IdempotentCalls.AsNoTracking(), request, cancellationToken) is not { } call || IsOver(call))
        {
            return null;
        }

        DemandSame(call, request);
        return call is { ProjectId: { } project, Status: { } status, ProtectedAnswer: { } text } && Read(text) is { } json
            ? new KeptAnswer(project, status, call.Location, json)
            : throw Used(call);
    }

    /// <summary>Writes the key with the next change of this flow.</summary>
    public IDisposable Carry(KeyedRequest request) => UnitOfWork.Carry(new Rider(request, clock));

    /// <summary>Writes the key now, before requests are sent: from here on they are not sent again under this key.</summary>
    /// <exception cref="RuleException">As <see cref="FindAsync"/>: the same call came twice at once, and the other one was first.</exception>
    public async Task BeginAsync(KeyedRequest request)
    {
        using IDisposable carried = Carry(request);
        await work.RunAsync(_ => Task.CompletedTask);
    }

    /// <summary>Frees the key of a call that was refused after <see cref="BeginAsync"/>, before anything was sent.</summary>
    public Task FreeAsync(KeyedRequest request) => ChangeAsync(request, calls => calls.ExecuteDeleteAsync());

    /// <summary>Keeps the answer of a call, if it has made something.</summary>
    public Task KeepAsync(KeyedRequest request, int status, string? location, byte[] json) =>
        ChangeAsync(
            request,
            calls =>
            {
                string text = answers.Protector.Protect(json);
                return calls.ExecuteUpdateAsync(s =>
                    s.SetProperty(c => c.Status, status).SetProperty(c => c.Location, location).SetProperty(c => c.ProtectedAnswer, text)
                );
            }
        );

    private async Task ChangeAsync(KeyedRequest request, Func<IQueryable<IdempotentCall>, Task<int>> change)
    {
        try
        {
            await work.RunAsync(db =>
                change(db.IdempotentCalls.Where(c => c.ActorId == request.ActorId && c.Key == request.Key && c.Fingerprint == request.Fingerprint))
            );
        }
        catch (Exception exception)
        {
            // The call is over, and its caller has to hear how it ended. A repeated call is told what the first one was about.
            log.LogWarning(exception, "The answer of a call with an Idempotency-Key could not be kept");
        }
    }

    private static Task<IdempotentCall?> RowOf(IQueryable<IdempotentCall> calls, KeyedRequest request, CancellationToken cancellationToken) =>
        calls.SingleOrDefaultAsync(c => c.ActorId == request.ActorId && c.Key == request.Key, cancellationToken);

    private static void DemandSame(IdempotentCall call, KeyedRequest request)
    {
        if (!call.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint))
        {
            throw new RuleException(
                RefusalKind.Unprocessable,
                "idempotency_key_mismatch",
                "This Idempotency-Key belongs to another request. Use a new key for each request, and the same key only to repeat it unchanged."
            );
        }
    }

    private static RuleException Used(IdempotentCall call) =>
        RuleException.Conflict(
            "idempotency_key_used",
            $"A request with this Idempotency-Key has already created, changed or called {call.TargetKind} {call.TargetId?.ToString() ?? call.TargetName}, but its answer "
                + "is not available (yet). Try again in a second; if this persists, check what was created or sent, or use a new key for a new request."
        );

    private bool IsOver(IdempotentCall call) => clock.GetUtcNow() - call.CreatedAt >= IdempotentCall.Life;

    private byte[]? Read(string text)
    {
        try
        {
            return answers.Protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            // The key ring was replaced. What was made is still there.
            return null;
        }
    }

    private sealed class Rider(KeyedRequest request, TimeProvider clock) : IRider
    {
        private IdempotentCall? _call;

        public async Task BeforeAsync(ConsoleDbContext db)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (await RowOf(db.IdempotentCalls, request, CancellationToken.None) is { } earlier)
            {
                if (now - earlier.CreatedAt < IdempotentCall.Life)
                {
                    // The same call came twice at once, and the other one was first.
                    DemandSame(earlier, request);
                    throw Used(earlier);
                }

                db.IdempotentCalls.Remove(earlier);
                await db.SaveChangesAsync();
            }

            _call = new IdempotentCall
            {
                Id = Ids.New(now),
                ActorId = request.ActorId,
                Key = request.Key,
                Fingerprint = request.Fingerprint,
                CreatedAt = now,
            };
            db.IdempotentCalls.Add(_call);
        }

        // The audit entry of a change says what the call was about; the address says the rest.
        public void After(ConsoleDbContext db)
        {
            AuditEntry? entry = db.ChangeTracker.Entries<AuditEntry>().Select(e => e.Entity).FirstOrDefault();
            _call!.ProjectId = entry?.ProjectId ?? request.ProjectId;
            _call.TargetKind = entry?.TargetKind ?? request.TargetKind;
            _call.TargetId = entry is null ? request.TargetId : entry.TargetId;
            _call.TargetName = entry?.TargetName;
        }
    }
}
