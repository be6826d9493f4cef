using Microsoft.AspNetCore.Antiforgery;

namespace WebhookConsole.Edge;

/// <summary>Refuses a form whose antiforgery token is missing or forged, in words; the framework would answer with nothing or with an exception.</summary>
internal static class FormTokens
{
    /// <summary>Behind <c>UseAntiforgery</c>, which looks at the token and leaves its verdict as a feature.</summary>
    public static IApplicationBuilder UseFormTokens(this IApplicationBuilder app) =>
        app.Use((context, next) => context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } ? RefuseAsync(context) : next(context));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This form is too old, too large, or was not sent from its own page. Go back, reload the page and try again.\n");
    }
}
