namespace WebhookConsole.Edge;

/// <summary>Recognises what the server throws when a request breaks the rules of HTTP while its body is read.</summary>
public static class RequestFaults
{
    /// <returns>The status of the answer; null when it is not the sender's fault.</returns>
    public static int? StatusOf(Exception exception) =>
        exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,

            // The server treats a chunk size that does not fit into a number as a fault of the connection.
            IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
            _ => null,
        };
}
