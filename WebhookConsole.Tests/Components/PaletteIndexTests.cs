using WebhookConsole.Components.Layout;
using WebhookConsole.Components.Palette;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components;

/// <summary>What the palette offers to whom.</summary>
public sealed class PaletteIndexTests
{
    private static readonly Project s_project = new()
    {
        Id = Guid.CreateVersion7(),
        Slug = "shop",
        Name = "Shop",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static readonly Webhook s_webhook = new()
    {
        Id = Guid.CreateVersion7(),
        ProjectId = s_project.Id,
        Name = "Billing",
        Url = "https://hooks.example.com/billing",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private static Actor Person(Role role) =>
        new()
        {
            Kind = ActorKind.User,
            Name = "ada@example.com",
            Role = role,
            Projects = new HashSet<Guid> { s_project.Id },
        };

    private static IReadOnlyList<PaletteItem> Of(Role role) => PaletteIndex.Of(Person(role), s_project, [s_project], [s_webhook]);

    [Theory]
    [InlineData(Role.Viewer, new string[0])]
    [InlineData(Role.Operator, new[] { "create", "recover", "test", "edit", "toggle" })]
    [InlineData(Role.Admin, new[] { "create", "recover", "test", "edit", "toggle", "rotate", "delete" })]
    public void Of_Role_OffersTheCommandsOfTheRoleOnly(Role role, string[] verbs)
    {
        string[] pressed = [.. Of(role).Select(i => i.Press).OfType<string>().Select(p => p == PaletteCommands.Create ? "create" : p.Split(':')[0]).Distinct()];
        Assert.Equal(verbs.Order(StringComparer.Ordinal), pressed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Owner)]
    public void Of_Role_HasThePagesOfTheNavigation(Role role)
    {
        string[] pages = [.. NavPages.Of(Person(role), s_project).Select(p => p.Href)];
        Assert.NotEmpty(pages);
        Assert.Subset(Of(role).Where(i => i.Group == "Pages").Select(i => i.Href!).ToHashSet(StringComparer.Ordinal), pages.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(role == Role.Owner, pages.Any(p => p.StartsWith("/installation", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_ManyWebhooks_StaysSmall()
    {
        Webhook[] many = [.. Enumerable.Range(0, 1000).Select(_ => s_webhook)];
        Assert.True(PaletteIndex.Of(Person(Role.Owner), s_project, [s_project], many).Count < 2000);
    }

    [Fact]
    public void Of_NoProject_OffersPagesOfTheInstallationAndThemes()
    {
        IReadOnlyList<PaletteItem> items = PaletteIndex.Of(Person(Role.Owner), null, [], []);
        Assert.DoesNotContain(items, i => i.Href?.StartsWith("/p/", StringComparison.Ordinal) == true);
        Assert.Contains(items, i => i.Href == "/installation");
        Assert.Contains(items, i => i.Theme == "dark");
    }
}
