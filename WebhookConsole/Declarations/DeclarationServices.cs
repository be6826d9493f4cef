namespace WebhookConsole.Declarations;

/// <summary>Registers set-up files and imports.</summary>
public static class DeclarationServices
{
    public static IServiceCollection AddDeclarations(this IServiceCollection services) =>
        services.AddSingleton<DeclarationPlanner>().AddSingleton<DeclarationService>().AddSingleton<ImportService>();
}
