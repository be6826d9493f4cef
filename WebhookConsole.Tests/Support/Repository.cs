namespace WebhookConsole.Tests.Support;

/// <summary>Files of the repository that the tests are built from.</summary>
public static class Repository
{
    /// <param name="path">From the root.</param>
    public static string ReadText(params string[] path)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "WebhookConsole.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return File.ReadAllText(Path.Combine([folder, .. path]));
    }
}
