namespace WebhookConsole.Projects;

/// <summary>The door of projects.</summary>
public static class ProjectServices
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services.AddSingleton<ProjectService>().AddSingleton<ProjectDirectory>();
}
