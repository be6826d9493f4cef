namespace WebhookConsole.Edge;

/// <summary>A refusal in words, for requests that are refused before there is a page to show it.</summary>
internal static class PlainAnswer
{
    // It needs a body: the page for empty responses would replace one without.
    public static Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
