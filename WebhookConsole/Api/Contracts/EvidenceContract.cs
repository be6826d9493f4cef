using System.Text;
using System.Text.Unicode;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>One delivery as a file that proves what was sent (specification §8).</summary>
internal sealed record EvidenceContract(
    string Document,
    int Version,
    DateTimeOffset MadeAt,
    string MadeBy,
    string Project,
    DeliveryContract Delivery,
    EvidenceEventContract Event,
    BytesContract Payload,
    IReadOnlyList<EvidenceAttemptContract> Attempts,
    IReadOnlyDictionary<string, string> Meaning
)
{
    public static EvidenceContract Of(Evidence evidence, Project project)
    {
        DeliveryDetail detail = evidence.Detail;
        return new EvidenceContract(
            "webhook-delivery-evidence",
            1,
            evidence.MadeAt,
            evidence.MadeBy,
            project.Name,
            new DeliveryRow(detail.Delivery, detail.Webhook.Name).ToContract(),
            new EvidenceEventContract(detail.Event.Id, detail.Event.Type, detail.Event.ClientId, detail.Event.CreatedAt),
            BytesContract.Of(detail.Event.Payload, complete: true),
            [.. detail.Attempts.Select(EvidenceAttemptContract.Of)],
            EvidenceTerms.All.ToDictionary(t => t.Name, t => t.Meaning, StringComparer.Ordinal)
        );
    }
}

internal sealed record EvidenceEventContract(Guid Id, string Type, string? ClientId, DateTimeOffset CreatedAt);

/// <summary>Bytes, unchanged: as text if they are UTF-8, otherwise in base64.</summary>
/// <param name="Complete">False when more may have followed, which was not kept.</param>
internal sealed record BytesContract(int Size, string Sha256, bool Complete, string? Text, string? Base64)
{
    public static BytesContract Of(byte[] bytes, bool complete)
    {
        bool text = Utf8.IsValid(bytes);
        return new BytesContract(
            bytes.Length,
            Evidence.HashOf(bytes),
            complete,
            text ? Encoding.UTF8.GetString(bytes) : null,
            text ? null : Convert.ToBase64String(bytes)
        );
    }
}

/// <param name="RequestHeaders">Each is <c>Name: value</c>, as sent; the values of extra headers were not recorded.</param>
internal sealed record EvidenceAttemptContract(
    int Number,
    AttemptTrigger Trigger,
    Guid RequestId,
    DateTimeOffset StartedAt,
    int DurationMs,
    string Method,
    string Url,
    string? RemoteAddress,
    IReadOnlyList<string> RequestHeaders,
    IReadOnlyList<string> SignedWith,
    int? StatusCode,
    BytesContract? ResponseHeaders,
    BytesContract? ResponseBody,
    FailureClass? FailureClass,
    FailureKind? FailureKind,
    string? ErrorDetail,
    string? Diagnosis
)
{
    public static EvidenceAttemptContract Of(DeliveryAttempt a) =>
        new(
            a.Number,
            a.Trigger,
            a.Id,
            a.StartedAt,
            a.DurationMs,
            "POST",
            a.Url,
            a.RemoteAddress,
            a.RequestHeaders.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            a.SignedWith.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            a.StatusCode,
            a.ResponseHeaders is null ? null : BytesContract.Of(a.ResponseHeaders, a.ResponseHeaders.Length < WebhookSender.MaxKeptHeaders),
            a.ResponseBody is null ? null : BytesContract.Of(a.ResponseBody, a.ResponseBody.Length < WebhookSender.MaxKeptBody),
            a.FailureClass,
            a.FailureKind,
            a.ErrorDetail,
            FailureTexts.Of(a)?.Diagnosis
        );
}
