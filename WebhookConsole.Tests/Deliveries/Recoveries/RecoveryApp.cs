using Microsoft.EntityFrameworkCore;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Recoveries;

/// <summary>What tests of recoveries do with the real application: fail many, recover, wait.</summary>
public sealed class RecoveryApp(TestApp app, Receiver receiver)
{
    public RecoveryService Service => app.Get<RecoveryService>();

    /// <summary>Posts events and waits until all of their deliveries have failed for good; the receiver then answers 200.</summary>
    public async Task<List<Guid>> FailAsync(int count, int status = 400, string type = "order.created", Guid? webhook = null)
    {
        receiver.Answer = _ => status;
        List<Guid> events = [];
        foreach (int[] page in Enumerable.Range(0, count).Chunk(500))
        {
            ApiAnswer answer = await app.PostAsync("events/batch", page.Select(n => new { type, payload = new { n } }).ToArray());
            events.AddRange(answer.Json.Items("items").Select(i => i.Id()));
        }

        await Eventually.TrueAsync(async () =>
            await app.QueryAsync(db =>
                db.Deliveries.CountAsync(d =>
                    d.EventType == type
                    && (webhook == null || d.WebhookId == webhook)
                    && (d.Status == DeliveryStatus.Pending || d.Status == DeliveryStatus.Retrying)
                )
            ) == 0
        );
        receiver.Answer = _ => 200;
        return events;
    }

    public async Task<Recovery> StartAsync(RecoveryRequest request) => await Service.StartAsync(Actor.System, await app.ProjectIdAsync(), request);

    public Task<Recovery> FindAsync(Guid id) => app.QueryAsync(db => db.Recoveries.AsNoTracking().SingleAsync(r => r.Id == id));

    public async Task<Recovery> UntilAsync(Guid id, Func<Recovery, bool> wanted)
    {
        Recovery last = await FindAsync(id);
        await Eventually.TrueAsync(
            async () => wanted(last = await FindAsync(id)),
            () => $"{last.Status} {last.StatusReason} {last.Attempted}/{last.Total} {last.Succeeded}+{last.Failed}"
        );
        return last;
    }

    public Task<Recovery> UntilAsync(Guid id, RecoveryStatus status) => UntilAsync(id, r => r.Status == status);

    public Task<int> CountAsync(DeliveryStatus status) => app.QueryAsync(db => db.Deliveries.CountAsync(d => d.Status == status));
}
