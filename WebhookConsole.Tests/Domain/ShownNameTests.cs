using System.Net;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Domain;

/// <summary>Names that nobody can see, or that make a list say something else, are taken nowhere.</summary>
public sealed class ShownNameTests
{
    public static TheoryData<string> Bad => ["a\0b", "\u200B", "\u2060\uFE0F", "\u3164", "\u2800", "safe\u202Egnp.exe", "a\u2066b", "a\u2028b"];

    public static TheoryData<string> Good => ["Zahlung – Größe №1", "سفارش‌ها", "हिन्दी", "👩‍👩‍👧", "❤️", "עברית", "O'Neill & Sons <b>"];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Name_InvisibleOrSteering_IsRefusedEverywhere(string name) => await RefusedEverywhereAsync(name);

    // Data of theories cannot hold them.
    [Fact]
    public async Task Name_HalfASurrogatePair_IsRefusedEverywhere()
    {
        await RefusedEverywhereAsync("a" + (char)0xD800);
        await RefusedEverywhereAsync((char)0xDC00 + "b");
    }

    private static async Task RefusedEverywhereAsync(string name)
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        Guid project = await app.ProjectIdAsync();
        Func<Task>[] commands =
        [
            () => app.Get<ProjectService>().CreateAsync(Actor.System, name, "other"),
            () => app.Get<ProjectService>().RenameAsync(Actor.System, project, name),
            () => app.Get<ApiTokenService>().CreateAsync(Actor.System, project, name, TokenScopes.All, null),
            () => app.Get<InboxService>().CreateAsync(Actor.System, project, name),
            () => app.Get<PersonLinkService>().JoinAsync("code", name, "correct horse battery staple", null),
            () =>
                app.Get<WebhookConsole.Webhooks.WebhookService>()
                    .CreateAsync(Actor.System, project, new() { Name = name, Url = "http://127.0.0.1:9/" }, verify: false, secretText: null),
        ];
        foreach (Func<Task> command in commands)
        {
            Assert.Equal(RefusalKind.Invalid, (await Assert.ThrowsAsync<RuleException>(command)).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Name_OfAnyLanguage_IsTaken(string name)
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        Assert.Equal(name, (await app.Get<ProjectService>().CreateAsync(Actor.System, name, "other")).Name);
        (await app.PostAsync("webhooks", new { name, url = "http://127.0.0.1:9/" })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task EventType_DescriptionThatNoDatabaseTakes_IsRefused()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        Guid project = await app.ProjectIdAsync();
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() =>
            app.Get<EventTypeService>().CreateAsync(Actor.System, project, new EventTypeDraft { Name = "a.b", Description = "nul \0" })
        );
        Assert.Equal(["description"], refused.Errors.Keys);
    }
}
