using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Api;

/// <summary>Makes RFC 9457 problem details with a stable <c>code</c> of everything that goes wrong. The one place that maps errors to status codes.</summary>
internal sealed class ApiExceptionHandler(StoreFaults faults, ILogger<ApiExceptionHandler> log) : IExceptionHandler
{
    private const string RetryAfterSeconds = "1";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case RuleException rule:
                await WriteAsync(httpContext, StatusOf(rule.Kind), rule.Code, rule.Message, rule.Errors);
                break;
            case { } when faults.IsUnavailable(exception):
                log.LogError(exception, "The database cannot be written");
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status503ServiceUnavailable,
                    "unavailable",
                    "The database cannot be written now. Nothing was accepted; try again."
                );
                break;
            case BadHttpRequestException bad:
                await WriteBadRequestAsync(httpContext, bad);
                break;
            case OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested:
                break;
            default:
                log.LogError(exception, "Request {TraceId} failed", IdOf(httpContext));
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status500InternalServerError,
                    "internal_error",
                    "Something went wrong on our side. The request id finds it in the log."
                );
                break;
        }

        return true;
    }

    /// <summary>Gives a body to the status codes that carry none: 401, 403, 404, 405, 415.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context)
    {
        int status = context.HttpContext.Response.StatusCode;
        (string code, string detail) = status switch
        {
            401 => ("unauthorized", "Send a valid API token: Authorization: Bearer <token>. Tokens are made under Settings → API tokens."),
            403 => ("forbidden", "This token may not do that."),
            404 => ("not_found", "There is nothing at this address."),
            405 => ("method_not_allowed", "This address does not take that method."),
            413 => ("payload_too_large", "The request body is too large."),
            415 => ("unsupported_media_type", "Send application/json."),
            429 => ("rate_limited", "Too many requests; try again after the time in Retry-After."),
            _ => ("http_" + status, "The request was refused."),
        };
        return WriteAsync(context.HttpContext, status, code, detail);
    }

    private static Task WriteBadRequestAsync(HttpContext context, BadHttpRequestException bad) =>
        bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? WriteAsync(context, bad.StatusCode, "payload_too_large", "The request body is too large.")
        : bad.InnerException is JsonException json
            ? WriteAsync(context, bad.StatusCode, "malformed_json", $"The body is not the JSON that is expected: {json.Message}")
        : WriteAsync(context, bad.StatusCode, "validation_failed", bad.Message);

    private static async Task WriteAsync(HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            // Who refused may know better when.
            context.Response.Headers.TryAdd(HeaderNames.RetryAfter, RetryAfterSeconds);
        }

        Dictionary<string, object?> extensions = new(StringComparer.Ordinal) { ["code"] = code, ["requestId"] = IdOf(context) };
        if (errors is { Count: > 0 })
        {
            extensions["errors"] = errors;
        }

        ProblemHttpResult result = TypedResults.Problem(detail, statusCode: status, extensions: extensions);
        await result.ExecuteAsync(context);
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
