using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Access;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Account;

/// <summary>What is neither a page nor a circuit call: signing out and the way home.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(ConsoleUrls.Logout, SignOutAsync)
            .OpenTo(Audience.Anyone, "who is signed out already is told to sign in")
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
        routes.MapGet(ConsoleUrls.Home, HomeAsync).OpenTo(Audience.Anyone, "only leads on, to the sign-in page or the first project");
    }

    private static async Task<RedirectHttpResult> SignOutAsync(SignInManager<ConsoleUser> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect(ConsoleUrls.LoginPath);
    }

    private static async Task<RedirectHttpResult> HomeAsync(HttpContext context, Members members, Projects projects, SetupService setup)
    {
        if (setup.IsOpen)
        {
            return TypedResults.LocalRedirect(ConsoleUrls.Setup);
        }

        Actor? actor = await members.FindActorAsync(context.User, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        return actor is not null && await projects.ListAsync(actor, context.RequestAborted) is [Project first, ..]
            ? TypedResults.LocalRedirect(ConsoleUrls.Overview(first.Slug))
            : TypedResults.LocalRedirect(ConsoleUrls.LoginPath);
    }
}
