namespace WebhookConsole.People;

/// <summary>The door of people, their links and the set-up.</summary>
public static class PeopleServices
{
    public static IServiceCollection AddPeople(this IServiceCollection services) =>
        services
            .AddSingleton<Members>()
            .AddSingleton<PeopleService>()
            .AddSingleton<PeopleReader>()
            .AddSingleton<Joining>()
            .AddSingleton<LinkMailer>()
            .AddSingleton<SetupService>();
}
