using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>Commands of a person with a role, which write down what was asked for.</summary>
internal sealed class FakeCommands(Role role) : WebhookCommands
{
    private static readonly Guid s_project = new("01930000-0000-7000-8000-000000000001");

    private readonly Actor _actor = new()
    {
        Kind = ActorKind.User,
        Name = "tester",
        Role = role,
        Projects = new HashSet<Guid> { s_project },
    };

    public List<string> Asked { get; } = [];

    public WebhookProgress Progress { get; init; } = new();

    public override WebhookProgress ProgressOf(Webhook webhook) => Progress;

    // The real rule, so that the test fails when rule and screen part.
    public override bool May(Permission permission) => AccessPolicy.May(_actor, permission, s_project);

    public override Task TestAsync(Webhook webhook) => Ask("test");

    public override Task TestWithPayloadAsync(Webhook webhook) => Ask("test-payload");

    public override Task CreateAsync(string url = "") => Ask("create");

    public override Task EditAsync(Webhook webhook) => Ask("edit");

    public override Task SetEnabledAsync(Webhook webhook, bool enabled) => Ask(enabled ? "enable" : "disable");

    public override Task CheckAsync(Webhook webhook) => Ask("check");

    public override Task RotateAsync(Webhook webhook) => Ask("rotate");

    public override Task ClaimAsync(Webhook webhook) => Ask("claim");

    public bool CanReveal { get; init; }

    public override bool MayReveal => CanReveal && May(Permission.RevealSecrets);

    public override async Task<string?> RevealAsync(Webhook webhook, SecretInfo secret)
    {
        await Ask("reveal");
        return Samples.Secret;
    }

    public override Task RevokePreviousAsync(Webhook webhook) => Ask("revoke");

    public override Task DecideHeldAsync(Webhook webhook) => Ask("held");

    public override Task DeleteAsync(Webhook webhook) => Ask("delete");

    public override void DismissTest(Webhook webhook) => Asked.Add("dismiss");

    private Task Ask(string what)
    {
        Asked.Add(what);
        return Task.CompletedTask;
    }
}
