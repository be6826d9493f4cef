using AngleSharp.Dom;
using Bunit;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using SentDelivery = WebhookConsole.Domain.Delivery;

namespace WebhookConsole.Tests.Components.Events;

public class DeliveryDetailViewTests : ComponentTestContext
{
    private const string Attack = "<script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public void Detail_MarkupInPayloadHeadersBodyAndNames_IsShownAndNeverRendered()
    {
        var view = Show(
            SampleDeliveries.Detail(
                SampleDeliveries.Delivery(10, DeliveryStatus.Failed, code: 500, failure: FailureClass.Http5xx),
                $$"""{"note":"{{Attack}}"}""",
                SampleDeliveries.Webhook(w => w.Name = Attack),
                SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, System.Text.Encoding.UTF8.GetBytes($"<html>{Attack}</html>"))
            )
        );

        Assert.Empty(view.FindAll("script, img, html"));
        Assert.Contains(Attack, view.Find(".attempt-body .code-block code").TextContent, StringComparison.Ordinal);
        Assert.Contains("<script>alert(2)</script>", view.Find("[aria-label='Response headers']").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_BodyThatIsNoText_IsAHexDump()
    {
        var view = Show(Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, [0x00, 0xff, 0x41])));

        Assert.StartsWith("0000  00 ff 41", view.Find(".hex code").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_BodyOfOneKilobyteCutInsideACharacter_IsText()
    {
        byte[] body = [.. new byte[WebhookSender.MaxKeptBody - 1].Select(_ => (byte)'a'), 0xc3];
        var view = Show(Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, body)));

        Assert.Empty(view.FindAll(".hex"));
        Assert.Contains("first 1 KB", view.Find(".attempt-body .code-title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_Failure_SaysWhatHappenedAndWhatToDo()
    {
        var view = Show(Failed(SampleDeliveries.Attempt(1, null, FailureClass.TlsFailed, null, FailureKind.TlsExpired), FailureClass.TlsFailed));

        string said = view.Find(".callout").TextContent;
        Assert.Contains("has expired", said, StringComparison.Ordinal);
        Assert.Contains("Renew the certificate", said, StringComparison.Ordinal);
        Assert.Contains(SentDelivery.FailedError, view.Find("[aria-label=Details] .fields").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "No attempt is recorded, and it will not be sent automatically.")]
    [InlineData(1, "It will not be sent again automatically.")]
    public void Detail_Cancelled_SaysWhetherAnAttemptIsRecorded(int attempts, string said)
    {
        SentDelivery delivery = SampleDeliveries.Delivery(10, DeliveryStatus.Cancelled, code: null);
        delivery.AttemptCount = attempts;
        var view = Show(SampleDeliveries.Detail(delivery));

        Assert.Contains(said, view.Find(".callout").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_Failure_CarriesTheFirstLinesOfTheAnswer()
    {
        var view = Show(Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, Body($"database is locked\n\n{Attack}\n3\n4\n5\n6"))));

        var answer = view.Find(".callout .answer");
        Assert.Equal($"database is locked\n{Attack}\n3\n4\n…", answer.QuerySelector("pre")!.TextContent);
        Assert.Contains("HTTP/1.1 500 Whatever", answer.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(view.FindAll("script, img"));
    }

    [Fact]
    public void Detail_LastAttemptWithoutAnswer_DoesNotQuoteAnEarlierOne()
    {
        var view = Show(
            SampleDeliveries.Detail(
                SampleDeliveries.Delivery(10, DeliveryStatus.Failed, code: 500, failure: FailureClass.Timeout),
                "{}",
                null,
                SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, Body("an old story")),
                SampleDeliveries.Attempt(2, null, FailureClass.Timeout)
            )
        );

        Assert.Empty(view.FindAll(".callout .answer"));
    }

    [Fact]
    public void Detail_SeveralAttempts_OpensTheNewestFailureWithTheResponseFirst()
    {
        var view = Show(
            SampleDeliveries.Detail(
                SampleDeliveries.Delivery(10, DeliveryStatus.Failed, code: 503, failure: FailureClass.Http5xx),
                "{}",
                null,
                SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, Body("first")),
                SampleDeliveries.Attempt(2, 503, FailureClass.Http5xx, Body("second"))
            )
        );

        Assert.Equal(["true", "false"], view.FindAll(".attempt-toggle").Select(b => b.GetAttribute("aria-expanded")));
        Assert.Equal(["Response to attempt 2", "Request of attempt 2"], view.FindAll(".attempt-body section").Select(e => e.GetAttribute("aria-label")));
    }

    [Fact]
    public void Detail_ArrivedAfterFailures_OpensTheSuccess()
    {
        var view = Show(
            SampleDeliveries.Detail(
                SampleDeliveries.Delivery(10, DeliveryStatus.Succeeded),
                "{}",
                null,
                SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx),
                SampleDeliveries.Attempt(2),
                SampleDeliveries.Attempt(3, 500, FailureClass.Http5xx)
            )
        );

        Assert.Equal(["false", "true", "false"], view.FindAll(".attempt-toggle").Select(b => b.GetAttribute("aria-expanded")));
        Assert.Empty(view.FindAll(".callout .answer"));
    }

    [Fact]
    public void Detail_AttemptThatComesLater_IsFolded()
    {
        SentDelivery delivery = SampleDeliveries.Delivery(10, DeliveryStatus.Retrying, code: 500, failure: FailureClass.Http5xx);
        var view = Show(SampleDeliveries.Detail(delivery, "{}", null, SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx)));

        view.Render(p =>
            p.Add(
                v => v.Detail,
                SampleDeliveries.Detail(
                    delivery,
                    "{}",
                    null,
                    SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx),
                    SampleDeliveries.Attempt(2, 500, FailureClass.Http5xx)
                )
            )
        );

        Assert.Equal(["false", "true"], view.FindAll(".attempt-toggle").Select(b => b.GetAttribute("aria-expanded")));
    }

    [Fact]
    public void Detail_CopyButtons_HoldLinkHeadersAndResponse()
    {
        var view = Show(Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx, Body("oh no"))));

        string Copied(string label) =>
            view.FindAll("button.copy").Single(b => b.TextContent.Contains(label, StringComparison.Ordinal)).GetAttribute("data-copy")!;
        Assert.Equal($"http://localhost/p/default/events/{SampleDeliveries.Id(10)}", Copied("Copy link"));
        Assert.Equal("Content-Type: application/json\nwebhook-signature: v1,abc=\n", Copied("Copy headers"));
        Assert.Equal("HTTP/1.1 500 Whatever\nX-Odd: <script>alert(2)</script>\n\noh no", Copied("Copy response"));
    }

    [Fact]
    public void Detail_Retrying_TellsThePlan()
    {
        SentDelivery delivery = SampleDeliveries.Delivery(10, DeliveryStatus.Retrying, code: 500, failure: FailureClass.Http5xx);
        delivery.ScheduledAttempts = 3;
        delivery.NextAttemptAt = Clock.GetUtcNow().AddMinutes(10);

        var view = Show(SampleDeliveries.Detail(delivery));

        Assert.Equal("Next attempt 14:15 (4 of 6)", view.Find(".callout-title").TextContent);
        Assert.NotNull(view.Find("li.planned"));
    }

    [Fact]
    public void Detail_Held_SaysWhyAndWhatToDo()
    {
        SentDelivery delivery = SampleDeliveries.Delivery(10, DeliveryStatus.Held, code: null);
        delivery.StatusReason = "The webhook is disabled.";

        string said = Show(SampleDeliveries.Detail(delivery, "{}", SampleDeliveries.Webhook(w => w.Enabled = false))).Find(".callout").TextContent;

        Assert.Contains("The webhook is disabled.", said, StringComparison.Ordinal);
        Assert.Contains("send or discard", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_Ids_AllStandThereToCopy()
    {
        DeliveryDetail detail = Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx));

        IEnumerable<string?> copies = Show(detail).FindAll("button.copy").Select(b => b.GetAttribute("data-copy"));

        Assert.Superset(
            new HashSet<string?> { detail.Event.Id.ToString(), detail.Delivery.Id.ToString(), detail.Webhook.Id.ToString(), detail.Webhook.Url, "client-1" },
            copies.ToHashSet()
        );
    }

    [Fact]
    public void Detail_CopyAsCurl_HoldsThePayload()
    {
        var view = Show(
            SampleDeliveries.Detail(SampleDeliveries.Delivery(10, DeliveryStatus.Succeeded), """{"it":"it's"}""", null, SampleDeliveries.Attempt(1))
        );

        string curl = view.FindAll("button.copy").Single(b => b.TextContent.Contains("curl", StringComparison.Ordinal)).GetAttribute("data-copy")!;
        Assert.EndsWith("""--data-raw '{"it":"it'\''s"}'""", curl, StringComparison.Ordinal);
        Assert.Contains("--header 'webhook-signature: v1,abc='", curl, StringComparison.Ordinal);
    }

    [Fact]
    public void Detail_Download_IsTheExactPayloadNamedByTypeAndId()
    {
        DeliveryDetail detail = SampleDeliveries.Detail(SampleDeliveries.Delivery(10, DeliveryStatus.Succeeded), """{"n":1.0,"u":"ü"}""");

        Show(detail).FindAll("button").Single(b => b.TextContent.Contains("Download", StringComparison.Ordinal)).Click();

        Assert.Equal(
            [$"order.paid-{detail.Event.Id}.json", "application/json", """{"n":1.0,"u":"ü"}"""],
            JSInterop.VerifyInvoke("consoleUi.download").Arguments
        );
    }

    [Theory]
    [InlineData(ReplayOption.Absent, false)]
    [InlineData(ReplayOption.NeedsAdmin, false)]
    [InlineData(ReplayOption.WebhookDeleted, false)]
    [InlineData(ReplayOption.Now, true)]
    [InlineData(ReplayOption.AfterWarning, true)]
    public void Detail_Replay_IsThereForWhoMay(ReplayOption option, bool expected) =>
        Assert.Equal(
            expected,
            Show(Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx)), option).FindAll("button").Any(b => b.TextContent.Trim() == "Replay")
        );

    [Theory]
    [InlineData(200, null, true, "Succeeded with 200 in 34 ms")]
    [InlineData(200, null, false, "Sent, but not recorded yet")]
    [InlineData(503, FailureClass.Http5xx, false, "Sent, but not recorded yet")]
    [InlineData(503, FailureClass.Http5xx, true, "The receiver is overloaded, starting up or down for maintenance (503).")]
    public void Detail_Replayed_TellsTheResultInPlace(int code, FailureClass? failure, bool recorded, string expected)
    {
        var view = Render<DeliveryDetailView>(p =>
            p.Add(v => v.Detail, Failed(SampleDeliveries.Attempt(1, 500, FailureClass.Http5xx)))
                .Add(v => v.Replay, ReplayOption.Now)
                .Add(v => v.Replayed, new AskedAttempt(SampleDeliveries.Attempt(2, code, failure), recorded))
        );

        Assert.Contains(expected, view.Find("div[role=status]").TextContent, StringComparison.Ordinal);
    }

    private static byte[] Body(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static DeliveryDetail Failed(DeliveryAttempt attempt, FailureClass failure = FailureClass.Http5xx) =>
        SampleDeliveries.Detail(SampleDeliveries.Delivery(10, DeliveryStatus.Failed, code: attempt.StatusCode, failure: failure), "{}", null, attempt);

    private IRenderedComponent<DeliveryDetailView> Show(DeliveryDetail detail, ReplayOption replay = ReplayOption.Now) =>
        Render<DeliveryDetailView>(p => p.Add(v => v.Detail, detail).Add(v => v.Project, "default").Add(v => v.Replay, replay));
}
