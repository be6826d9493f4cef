using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Projects;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

/// <summary>Commands of a person with a role, which write down what was asked for.</summary>
internal sealed class FakeCommands(Role role) : IWebhookCommands
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

    // The real rule, so that the test fails when rule and screen part.
    public bool Allows(Permission permission) => AccessPolicy.May(_actor, permission, s_project);

    public Task TestAsync(Webhook webhook) => Ask("test");

    public Task TestWithTypeAsync(Webhook webhook) => Ask("test-type");

    public Task EditAsync(Webhook webhook) => Ask("edit");

    public Task SetEnabledAsync(Webhook webhook, bool enabled) => Ask(enabled ? "enable" : "disable");

    public Task CheckAsync(Webhook webhook) => Ask("check");

    public Task RotateAsync(Webhook webhook) => Ask("rotate");

    public Task ClaimAsync(Webhook webhook) => Ask("claim");

    public bool CanReveal { get; init; }

    public async Task<string?> RevealAsync(Webhook webhook, SecretInfo secret)
    {
        await Ask("reveal");
        return Samples.Secret;
    }

    public Task RevokePreviousAsync(Webhook webhook) => Ask("revoke");

    public Task DecideHeldAsync(Webhook webhook) => Ask("held");

    public Task DeleteAsync(Webhook webhook) => Ask("delete");

    public void DismissTest(Webhook webhook) => Asked.Add("dismiss");

    private Task Ask(string what)
    {
        Asked.Add(what);
        return Task.CompletedTask;
    }
}
