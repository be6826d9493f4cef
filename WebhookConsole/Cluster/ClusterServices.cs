namespace WebhookConsole.Cluster;

/// <summary>Registers the cluster: which nodes there are, what each of them alone does, and what they tell each other.</summary>
public static class ClusterServices
{
    public static IServiceCollection AddCluster(this IServiceCollection services)
    {
        services.AddSingleton<NodeMembership>();
        services.AddSingleton<NodeMessages>();
        services.AddSingleton<ClusterDuties>();
        services.AddSingleton<NodeQueries>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeMembership>());
        services.AddHostedService(provider => provider.GetRequiredService<NodeMessages>());
        return services;
    }
}
