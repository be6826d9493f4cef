using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Inbox;

/// <summary>Registers the built-in receiver.</summary>
public static class InboxServices
{
    public static IServiceCollection AddInbox(this IServiceCollection services) =>
        services.AddSingleton<InboxService>().AddSingleton<InboxStore>().AddSingleton<InboxVerification>().AddSingleton<InboxReceiver>();

    /// <summary>Any method, for anybody who knows the address.</summary>
    public static void MapInbox(this IEndpointRouteBuilder routes) =>
        routes
            .Map("/inbox/{token}", (HttpContext context, string token, InboxReceiver receiver) => receiver.ReceiveAsync(context, token))
            .OpenTo(Audience.Anyone, "senders have no account; anyone who knows the address may post to it")
            .AllowAnonymous()
            .DisableAntiforgery()
            .ExcludeFromDescription();
}
