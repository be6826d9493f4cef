namespace WebhookConsole.Live;

/// <summary>The door of the feeds that tell open pages about changes.</summary>
public static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services.AddSingleton<ChangeFeed>().AddSingleton<AccessChanges>();
}
