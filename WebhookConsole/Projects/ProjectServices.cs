namespace WebhookConsole.Projects;

/// <summary>Registers the services of projects.</summary>
public static class ProjectServices
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services.AddSingleton<ProjectService>().AddSingleton<ProjectDirectory>();
}
