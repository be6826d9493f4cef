using WebhookConsole.Components.Pages.Stats;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Stats;

public class WebhookChangeTests
{
    [Theory]
    [InlineData(AuditActions.WebhookAutoDisabled, null, "Disabled after failures")]
    [InlineData(AuditActions.WebhookDisabled, null, "Disabled")]
    [InlineData(AuditActions.SecretRotated, null, "Secret rotated")]
    [InlineData(AuditActions.WebhookUpdated, """{"url":["a","b"],"maxInFlight":["8","9"]}""", "Edited (URL, Max in flight)")]
    [InlineData(AuditActions.WebhookUpdated, null, "Edited")]
    [InlineData(AuditActions.WebhookUpdated, "{", "Edited")]
    [InlineData(AuditActions.WebhookUpdated, "[1]", "Edited")]
    public void Of_MarkedAction_SaysWhatWasDone(string action, string? details, string what) => Assert.Equal(what, Of(action, details)?.What);

    [Fact]
    public void Of_AnythingElse_IsNotMarked() => Assert.Null(Of(AuditActions.WebhookTested, null));

    [Fact]
    public void Of_EveryMarkedAction_HasWords() => Assert.All(WebhookChange.Actions, action => Assert.NotNull(Of(action, null)));

    private static WebhookChange? Of(string action, string? details) =>
        WebhookChange.Of(
            new AuditEntry
            {
                Id = SampleStats.EntryId,
                At = SampleStats.Now,
                ActorKind = "user",
                ActorName = "ada@example.com",
                Action = action,
                TargetId = SampleStats.WebhookId,
                TargetName = "Billing",
                Details = details,
            }
        );
}
