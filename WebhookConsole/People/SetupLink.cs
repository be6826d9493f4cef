namespace WebhookConsole.People;

/// <summary>Logs how to create the first owner.</summary>
internal static partial class SetupLink
{
    public static void Print(WebApplication app, string code)
    {
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("WebhookConsole.Setup");
        string address = (app.Urls.FirstOrDefault() ?? "http://localhost:5080")
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Printed(log, $"{address}/setup?code={code}");
    }

    [LoggerMessage(1, LogLevel.Warning, "No owner yet. Create the owner account with this one-time link: {SetupLink}")]
    private static partial void Printed(ILogger log, string setupLink);
}
