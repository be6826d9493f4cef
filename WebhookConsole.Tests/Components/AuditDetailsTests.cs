using AngleSharp.Dom;
using Bunit;
using WebhookConsole.Components.Pages.Audit;

namespace WebhookConsole.Tests.Components;

public class AuditDetailsTests : ComponentTestContext
{
    [Fact]
    public void AuditDetails_Time_IsInTheZoneOfTheBrowserAndANameThatLooksLikeOneIsNot()
    {
        var details = Render<AuditDetails>(p => p.Add(d => d.Json, """{"previousExpiresAt":"2026-11-22T04:16:53+00:00","name":"2026-11-22","url":null}"""));

        Assert.Equal(["Old secret signs until", "Name"], details.FindAll("dt").Select(t => t.TextContent.Trim()));
        Assert.Equal(["22 Nov 2026, 04:16:53.000 UTC", "2026-11-22"], details.FindAll(".value").Select(v => v.TextContent));
    }

    [Fact]
    public void AuditDetails_Changes_SayOldAndNew()
    {
        var details = Render<AuditDetails>(p => p.Add(d => d.Json, """{"name":["A",""]}""").Add(d => d.Changes, true));

        Assert.EndsWith("A", details.Find(".was").Text(), StringComparison.Ordinal);
        Assert.Equal("(empty)", details.Find(".empty-value").TextContent);
    }
}
