using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What the delivery store promises, on every database: each operation has a class of its own.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    private static readonly AutoDisableRule s_rule = new(5, TimeSpan.FromHours(120));

    private StoreDatabase? _database;

    protected static DateTimeOffset Now => StoreDatabase.Now;

    protected StoreDatabase Database => _database ?? throw new InvalidOperationException("Open it first.");

    protected DeliveryStore Store => Database.Store;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);

    protected async Task OpenAsync(DatabaseKind kind) => _database = await StoreDatabase.OpenAsync(kind);

    protected NewEvent Event(
        string? clientId = null,
        string? heldReason = null,
        DateTimeOffset? at = null,
        string type = "order.created",
        byte[]? payload = null,
        params Guid[] webhooks
    )
    {
        DateTimeOffset time = at ?? Now;
        WebhookEvent e = new()
        {
            Id = Ids.New(time),
            ProjectId = Database.ProjectId,
            Type = type,
            Payload = payload ?? """{"n":1}"""u8.ToArray(),
            ClientId = clientId,
            CreatedAt = time,
        };
        return new NewEvent(
            e,
            (webhooks.Length == 0 ? [Database.WebhookId] : webhooks).Select(w => new NewDelivery(Ids.New(time), w, heldReason)).ToList(),
            NewType: false
        );
    }

    protected async Task<Guid> AddAsync(string? heldReason = null, DateTimeOffset? at = null)
    {
        NewEvent added = Event(heldReason: heldReason, at: at);
        await Store.AddEventsAsync([added]);
        return added.Deliveries[0].Id;
    }

    protected AttemptResult Result(
        Guid deliveryId,
        FailureClass? failure = null,
        int? status = 200,
        int expected = 0,
        DateTimeOffset? next = null,
        AttemptTrigger trigger = AttemptTrigger.Automatic,
        DateTimeOffset? completedAt = null,
        byte[]? body = null,
        string? detail = null,
        string url = "https://hooks.example/"
    ) =>
        new(
            new DeliveryAttempt
            {
                Id = Ids.New(Now),
                DeliveryId = deliveryId,
                Trigger = trigger,
                StartedAt = Now,
                DurationMs = 12,
                Url = url,
                RemoteAddress = "203.0.113.7:443",
                StatusCode = status,
                FailureClass = failure,
                FailureKind = failure is { } known ? FailureKinds.Of(known, status) : null,
                ErrorDetail = detail,
                RequestHeaders = "a: b\n",
                ResponseHeaders = [1, 0, 2],
                ResponseBody = body,
                SignedWith = "abcd1234",
            },
            Database.ProjectId,
            Database.WebhookId,
            expected,
            completedAt ?? Now,
            next,
            trigger == AttemptTrigger.Automatic ? s_rule : null
        );

    protected Task<RecordedAttempt> FailAsync(Guid id, int expected, DateTimeOffset? next, int? status = 500, FailureClass failure = FailureClass.Http5xx) =>
        Store.RecordAsync(Result(id, failure, status, expected, next));

    protected List<DueDelivery> Read(DeliveryStatus status, DateTimeOffset now, int page) =>
        Store.ReadDue(Database.WebhookId, status, now, page, known: 0, maxBytes: int.MaxValue, _ => false).Due;

    protected List<Guid> Due(DeliveryStatus status, DateTimeOffset? now = null, int limit = 100) => Read(status, now ?? Now, limit).ConvertAll(d => d.Id);
}
