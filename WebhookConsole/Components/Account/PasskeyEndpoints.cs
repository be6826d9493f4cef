using System.Net.Mime;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Account;

/// <summary>Takes the posts of account.js and of the passkey list. The answer of a passkey goes through the forms of the pages.</summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(ConsoleUrls.PasskeyRequest, RequestAsync)
            .OpenTo(Audience.Anyone, "people who sign in are not signed in yet")
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
        routes.MapPost(ConsoleUrls.PasskeyCreation, CreateAsync).OpenToOwner();
        routes.MapPost(ConsoleUrls.PasskeyRename, RenameAsync).OpenToOwner();
        routes.MapPost(ConsoleUrls.PasskeyRemove, RemoveAsync).OpenToOwner();
    }

    private static void OpenToOwner(this RouteHandlerBuilder route) =>
        route
            .OpenTo(Audience.SignedIn, "changes only the person's own account")
            .RequireAuthorization()
            .AllowCookieRedirect()
            .WithMetadata(new RequireAntiforgeryTokenAttribute());

    private static async Task<ContentHttpResult> RequestAsync(PasskeyService passkeys) =>
        TypedResults.Content(await passkeys.RequestOptionsAsync(), MediaTypeNames.Application.Json);

    private static async Task<ContentHttpResult> CreateAsync(
        HttpContext context,
        PasskeyService passkeys,
        [FromForm(Name = "Input.Name")] string? name,
        [FromForm(Name = "Input.Password")] string? password
    )
    {
        try
        {
            return TypedResults.Content(await passkeys.CreationOptionsAsync(PersonOf(context), name ?? "", password ?? ""), MediaTypeNames.Application.Json);
        }
        catch (RuleException exception)
        {
            return Refused(exception);
        }
    }

    private static async Task<Results<RedirectHttpResult, ContentHttpResult>> RenameAsync(
        HttpContext context,
        PasskeyService passkeys,
        [FromForm] string? id,
        [FromForm] string? name
    )
    {
        try
        {
            await passkeys.RenameAsync(PersonOf(context), id ?? "", name ?? "");
        }
        catch (RuleException exception)
        {
            return Refused(exception);
        }

        return TypedResults.LocalRedirect(ConsoleUrls.ProfileDone(ProfileNotices.PasskeyRenamed));
    }

    private static async Task<RedirectHttpResult> RemoveAsync(HttpContext context, PasskeyService passkeys, [FromForm] string? id)
    {
        try
        {
            await passkeys.RemoveAsync(PersonOf(context), id ?? "");
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            // It was already removed in another tab.
        }

        return TypedResults.LocalRedirect(ConsoleUrls.ProfileDone(ProfileNotices.PasskeyRemoved));
    }

    // The refusal is in words, because the passkey list posts without a script.
    private static ContentHttpResult Refused(RuleException refusal) => TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status400BadRequest);

    private static Actor PersonOf(HttpContext context) => context.Person() ?? throw RuleException.NotFound("account");
}
