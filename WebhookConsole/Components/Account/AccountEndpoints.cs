using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Account;

/// <summary>Endpoints that are neither pages nor circuit calls: signing out, and the way home.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(ConsoleUrls.Logout, SignOutAsync)
            .OpenTo(Audience.Anyone, "anyone already signed out is told to sign in")
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
        routes.MapPasskeys();
        routes
            .MapGet(ConsoleUrls.Home, HomeAsync)
            .OpenTo(Audience.Anyone, "only redirects: to the sign-in page, the first project or the page that says whom to ask");
    }

    private static async Task<RedirectHttpResult> SignOutAsync(SignInManager<ConsoleUser> signIn, SessionService sessions, HttpContext context)
    {
        await sessions.EndAsync(context.User);
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect(ConsoleUrls.LoginPath);
    }

    private static async Task<RedirectHttpResult> HomeAsync(HttpContext context, ProjectDirectory projects, SetupService setup)
    {
        if (setup.IsOpen)
        {
            return TypedResults.LocalRedirect(ConsoleUrls.Setup);
        }

        return TypedResults.LocalRedirect(
            context.Person() is not { } person ? ConsoleUrls.LoginPath
            : await projects.ListAsync(person, context.RequestAborted) is [Project first, ..] ? ConsoleUrls.Overview(first.Slug)
            : ConsoleUrls.NoProject
        );
    }
}
