using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Results keep whatever a receiver sent.</summary>
public sealed class RecordBytesTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_AnyResponseBytes_ComeBackAsTheyWere(DatabaseKind kind)
    {
        await OpenAsync(kind);
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 0, 0, 0xC3, 0x28];
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.Http5xx, 500, next: Now, body: bytes));
        DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(id));
        Assert.Equal(bytes, attempt.ResponseBody);
        Assert.Equal([1, 0, 2], attempt.ResponseHeaders);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_EmptyAndMissingResponse_AreNotTheSame(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.Http5xx, 500, next: Now, body: []));
        await Store.RecordAsync(Result(id, FailureClass.Timeout, null, 1, Now, body: null));
        List<DeliveryAttempt> attempts = await Database.AttemptsAsync(id);
        Assert.Empty(attempts[0].ResponseBody!);
        Assert.Null(attempts[1].ResponseBody);
        Assert.Null(attempts[1].StatusCode);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_NulInText_IsStored(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // The sender takes care that there is none; the store must not lose an attempt if it forgets.
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.BadResponse, null, next: Now.AddMinutes(1), detail: "line \0 with NUL"));
        DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(id));
        Assert.StartsWith("line ", attempt.ErrorDetail, StringComparison.Ordinal);
        Assert.EndsWith(" with NUL", attempt.ErrorDetail, StringComparison.Ordinal);
    }
}
