namespace WebhookConsole.Declarations;

/// <summary>Registers set-up files.</summary>
public static class DeclarationServices
{
    public static IServiceCollection AddDeclarations(this IServiceCollection services) =>
        services.AddSingleton<DeclarationPlanner>().AddSingleton<DeclarationService>();
}
