using WebhookConsole.Access;

namespace WebhookConsole.Inbox;

/// <summary>The door of the built-in receiver.</summary>
public static class InboxServices
{
    public static IServiceCollection AddConsoleInbox(this IServiceCollection services) =>
        services.AddSingleton<InboxService>().AddSingleton<InboxStore>().AddSingleton<InboxVerification>().AddSingleton<InboxReceiver>();

    /// <summary>Any method, for anybody who knows the address.</summary>
    public static void MapConsoleInbox(this IEndpointRouteBuilder routes) =>
        routes
            .Map("/inbox/{token}", (HttpContext context, string token, InboxReceiver receiver) => receiver.ReceiveAsync(context, token))
            .OpenTo(Audience.Anyone, "receivers have no account; who knows the address may post to it")
            .AllowAnonymous()
            .DisableAntiforgery()
            .ExcludeFromDescription();
}
