namespace WebhookConsole.People;

/// <summary>Registers the services of people, their links and the set-up.</summary>
public static class PeopleServices
{
    public static IServiceCollection AddPeople(this IServiceCollection services) =>
        services
            .AddSingleton<UserService>()
            .AddSingleton<PeopleService>()
            .AddSingleton<PeopleQueries>()
            .AddSingleton<PersonLinkService>()
            .AddSingleton<LinkMailer>()
            .AddSingleton<SetupService>();
}
