namespace WebhookConsole.Audit;

/// <summary>Registers the services of the audit log.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditLog>().AddSingleton<AuditQueries>();
}
