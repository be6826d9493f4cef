using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookConsole.Components.Pages.Inbox;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Inbox;

/// <summary>The answers of an inbox, as steps and as text.</summary>
public sealed class InboxAnswerFormTests : ComponentTestContext
{
    private AnswerSequence? _saved;
    private int _restarts;

    private readonly DeliveryOptions _delivery = new();

    public InboxAnswerFormTests()
    {
        Services.AddSingleton(Options.Create(new AutoDisableOptions()));
        Services.AddSingleton(Options.Create(_delivery));
    }

    [Theory]
    [InlineData(10, "200 after 9s", "2xx: the delivery succeeds.")]
    [InlineData(10, "200 after 10s", "WebhookConsole waits at most 10 s for an answer, so its attempts time out and are retried.")]
    [InlineData(3, "200 after 3s", "WebhookConsole waits at most 3 s for an answer, so its attempts time out and are retried.")]
    [InlineData(3, "500 after 4s, 200", "WebhookConsole waits at most 3 s for an answer, so attempts that meet a longer delay time out and are retried.")]
    public void Form_Delay_IsComparedWithTheTimeLimitOfTheInstallation(int seconds, string answers, string hint)
    {
        _delivery.TimeoutSeconds = seconds;
        Assert.EndsWith(hint, Show(answers).Find("#answer-hint").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_StepsAdded_AreWrittenAndSavedAsASequence()
    {
        var form = Show("200");
        await form.Find("#status-0").ChangeAsync("500");
        await form.Find(".answer-tools button").ClickAsync();
        await form.Find("#count-0").InputAsync("2");
        await form.Find("#delay-1").InputAsync("1500");

        Assert.Equal("500 x2, 200 after 1500ms", form.Find("#answer-text").GetAttribute("value"));
        Assert.Empty(form.FindAll("#count-1"));
        await form.Find("form").SubmitAsync();
        Assert.Equal("500 x2, 200 after 1500ms", _saved!.ToString());
    }

    [Fact]
    public async Task Form_Text_FillsTheSteps()
    {
        var form = Show("200");
        await form.Find("#answer-text").ChangeAsync("418 x3, 200 x2, repeat");

        Assert.Equal("418", form.Find("#custom-0").GetAttribute("value"));
        Assert.Equal(["3", "2"], form.FindAll("input[id^=count-]").Select(i => i.GetAttribute("value")));
        Assert.True(form.Find("input[type=checkbox]").HasAttribute("checked"));
    }

    [Fact]
    public async Task Form_WrongText_SaysWhatIsWrongAndIsNotSaved()
    {
        var form = Show("200");
        await form.Find("#answer-text").ChangeAsync("500 five times");
        await form.Find("form").SubmitAsync();

        Assert.Contains("'500 five times' is not a step", form.Find("#answer-error").TextContent);
        Assert.Null(_saved);
    }

    [Theory]
    [InlineData("500 x5, 200", 2, "Next: 3 of 5", 0)]
    [InlineData("500 x5, 200", 9, "From now on", 1)]
    [InlineData("500 x2, 200 x2, repeat", 7, "Next: 2 of 2", 1)]
    public void Form_Sequence_ShowsTheNextStep(string answers, long answered, string text, int step)
    {
        var form = Show(answers, answered);
        Assert.Equal(text, form.Find(".answer-next").TextContent.Trim());
        Assert.Contains("next", form.FindAll(".answer-step")[step].ClassList);
    }

    [Fact]
    public async Task Form_Begun_CanBeRestarted()
    {
        var form = Show("500, 200", answered: 1);
        await form.FindAll("button").Single(b => b.TextContent.Contains("Restart", StringComparison.Ordinal)).ClickAsync();
        Assert.Equal(1, _restarts);
        Assert.DoesNotContain("Restart", Show("500, 200").Markup);
    }

    private IRenderedComponent<InboxAnswerForm> Show(string answers, long answered = 0) =>
        Render<InboxAnswerForm>(p =>
            p.Add(
                    c => c.Inbox,
                    new InboxEndpoint
                    {
                        Id = Guid.CreateVersion7(),
                        ProjectId = Guid.Empty,
                        Name = "Trial",
                        Token = "token",
                        Answers = AnswerSequence.Parse(answers),
                        Answered = answered,
                        CreatedAt = DateTimeOffset.UnixEpoch,
                    }
                )
                .Add(
                    c => c.Save,
                    sequence =>
                    {
                        _saved = sequence;
                        return Task.CompletedTask;
                    }
                )
                .Add(c => c.Restart, EventCallback.Factory.Create(this, () => _restarts++))
        );
}
