using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Api;

/// <summary>Turns every error into RFC 9457 problem details with a stable <c>code</c>. Nothing else maps errors to status codes.</summary>
internal sealed class ApiExceptionHandler(StoreFaults faults, ILogger<ApiExceptionHandler> log) : IExceptionHandler
{
    public const string ContentType = "application/problem+json";
    private const string RetryAfterSeconds = "1";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case RuleException rule:
                await WriteAsync(httpContext, StatusOf(rule.Kind), rule.Code, rule.Message, rule);
                break;
            case { } when faults.IsUnavailable(exception):
                log.LogError(exception, "The database cannot be written");
                await WriteStatusAsync(httpContext, StatusCodes.Status503ServiceUnavailable);
                break;
            case { } when RequestFaults.StatusOf(exception) is { } status:
                await WriteStatusAsync(httpContext, status);
                break;
            case OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested:
                break;
            default:
                log.LogError(exception, "Request {TraceId} failed", IdOf(httpContext));
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status500InternalServerError,
                    "internal_error",
                    "Something went wrong on our side. Look for the request id in the log."
                );
                break;
        }

        return true;
    }

    /// <summary>Adds a body to a response that has only a status code.</summary>
    public static Task WriteStatusAsync(HttpContext context, int status)
    {
        (string code, string detail) = TextOf(status);
        return WriteAsync(context, status, code, detail);
    }

    /// <summary>The code and sentence for a bare status code.</summary>
    public static (string Code, string Detail) TextOf(int status) =>
        status switch
        {
            400 => ("bad_request", "The request breaks the rules of HTTP."),
            401 => ("unauthorized", "Send a valid API token: Authorization: Bearer <token>. Tokens are made under Settings → API tokens."),
            403 => ("forbidden", "This token may not do that."),
            404 => ("not_found", "There is nothing at this address."),
            405 => ("method_not_allowed", "This address does not take that method."),
            413 => ("payload_too_large", "The request body is too large."),
            429 => ("rate_limited", "Too many requests; try again after the time in Retry-After."),
            503 => ("unavailable", "The database cannot be written now. Nothing was accepted; try again."),
            _ => ("http_" + status, "The request was refused."),
        };

    private static async Task WriteAsync(HttpContext context, int status, string code, string detail, RuleException? rule = null)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            // The code that refused may know a better time.
            context.Response.Headers.TryAdd(HeaderNames.RetryAfter, RetryAfterSeconds);
        }

        if (!ApiServices.IsApi(context) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            // A person reads this in a browser.
            await PlainAnswer.WriteAsync(context, status, $"{detail} Request id: {IdOf(context)}");
            return;
        }

        await TypedResults
            .Json(
                new ProblemContract
                {
                    Title = ReasonPhrases.GetReasonPhrase(status),
                    Status = status,
                    Detail = detail,
                    Code = code,
                    RequestId = IdOf(context),
                    Errors = rule is { Errors.Count: > 0 } ? rule.Errors : null,
                    Current = rule?.Current as WebhookContract ?? rule?.Current as EventTypeContract as object,
                },
                contentType: ContentType,
                statusCode: status
            )
            .ExecuteAsync(context);
    }

    private static int StatusOf(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status400BadRequest,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            RefusalKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => throw new UnreachableException(),
        };

    private static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
