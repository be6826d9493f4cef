namespace WebhookConsole.Audit;

/// <summary>The door of the audit log.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditLog>().AddSingleton<AuditQueries>();
}
