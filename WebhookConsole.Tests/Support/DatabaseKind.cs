using System.Reflection;
using Xunit.Sdk;

namespace WebhookConsole.Tests.Support;

/// <summary>What a test runs on.</summary>
public enum DatabaseKind
{
    /// <summary>The embedded database.</summary>
    Sqlite = 0,

    /// <summary>A server; see <see cref="RequiredPostgres"/>.</summary>
    PostgreSql = 1,
}

/// <summary>Runs a theory on the embedded database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [DatabaseKind.Sqlite],
        ];
}

/// <summary>Runs a theory on PostgreSQL; skipped, with the reason, where there is no server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute() => Skip = RequiredPostgres.SkipReason;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [DatabaseKind.PostgreSql],
        ];
}
