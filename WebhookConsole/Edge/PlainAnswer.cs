namespace WebhookConsole.Edge;

/// <summary>A refusal in words, for what is refused before there is a page to say it on.</summary>
internal static class PlainAnswer
{
    // With a body, or the page for empty answers would take its place.
    public static Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
