namespace WebhookConsole.Live;

/// <summary>The door of what tells open pages of changes.</summary>
public static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services.AddSingleton<ChangeFeed>().AddSingleton<AccessChanges>();
}
