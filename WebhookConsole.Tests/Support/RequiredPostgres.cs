namespace WebhookConsole.Tests.Support;

/// <summary>
/// The PostgreSQL server of the tests: <c>WEBHOOKCONSOLE_TEST_POSTGRES</c> holds a connection string whose user may create
/// databases. Where it is not set such tests are skipped with the reason; with <c>CI=true</c> they run and fail.
/// </summary>
public static class RequiredPostgres
{
    public const string Variable = "WEBHOOKCONSOLE_TEST_POSTGRES";

    /// <summary>Why a test that needs the server is skipped; null to run it.</summary>
    public static string? SkipReason =>
        Value is null && !RequiredTool.InCi ? $"NOT TESTED: {Variable} is not set, so nothing of PostgreSQL is tested here." : null;

    private static string? Value => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    public static string Demand() =>
        Value ?? throw new InvalidOperationException($"{Variable} is not set, and CI=true does not let the tests that need PostgreSQL be skipped.");
}

/// <summary>A fact that needs PostgreSQL; see <see cref="RequiredPostgres"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = RequiredPostgres.SkipReason;
}

/// <summary>A theory that needs PostgreSQL; see <see cref="RequiredPostgres"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = RequiredPostgres.SkipReason;
}
