using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;

namespace WebhookConsole.Edge;

/// <summary>
/// Refuses, in words, a form that cannot be read or whose antiforgery token is missing or forged; the framework would answer with nothing or
/// with an exception (specification §17). After it, every form is known to be readable.
/// </summary>
internal static class FormGuard
{
    private const string Unreadable = "This form cannot be read: it is too large, damaged, or not written in UTF-8. Go back, reload the page and try again.";
    private const string Untrusted = "This form is too old, too large, or was not sent from its own page. Go back, reload the page and try again.";

    public static IApplicationBuilder UseForms(this IApplicationBuilder app)
    {
        app.Use(
            async (context, next) =>
            {
                bool isForm =
                    context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true }
                    && HttpMethods.IsPost(context.Request.Method)
                    && context.Request.HasFormContentType;
                if (isForm && await RefusalAsync(context.Request) is { } status)
                {
                    await PlainAnswer.WriteAsync(context, status, Unreadable);
                    return;
                }

                await next(context);
                if (isForm && context.Response is { HasStarted: false, StatusCode: StatusCodes.Status400BadRequest })
                {
                    // The page has no form of the name that was posted; outside development the framework says nothing.
                    await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, Unreadable);
                }
            }
        );
        app.UseAntiforgery();

        // Antiforgery stores its verdict as a feature.
        return app.Use(
            (context, next) =>
                context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
                    ? PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, Untrusted)
                    : next(context)
        );
    }

    /// <returns>The status of the refusal; null when the form can be read.</returns>
    private static async Task<int?> RefusalAsync(HttpRequest request)
    {
        if (!IsUtf8(request.ContentType))
        {
            return StatusCodes.Status400BadRequest;
        }

        try
        {
            IFormCollection form = await request.ReadFormAsync(request.HttpContext.RequestAborted);

            // PostgreSQL can neither store a NUL nor search for one.
            return form.Any(f => f.Key.Contains('\0', StringComparison.Ordinal) || f.Value.Any(v => v?.Contains('\0', StringComparison.Ordinal) == true))
                ? StatusCodes.Status400BadRequest
                : null;
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            // A part of a multipart form that claims to be UTF-7 throws NotSupportedException.
            return StatusCodes.Status400BadRequest;
        }
    }

    // Browsers send no charset, or that of the page with the form.
    private static bool IsUtf8(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
