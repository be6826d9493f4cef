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

/// <summary>
/// What the tests that start the application run on: SQLite, or PostgreSQL with <c>WEBHOOKCONSOLE_TEST_DATABASE=PostgreSql</c>, where each
/// of them gets a database of its own.
/// </summary>
public static class TestedDatabase
{
    public const string Variable = "WEBHOOKCONSOLE_TEST_DATABASE";

    /// <exception cref="ArgumentException">The variable is set to something other than one of the names.</exception>
    public static DatabaseKind Kind { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Enum.Parse<DatabaseKind>(name) : DatabaseKind.Sqlite;

    /// <summary>Why a test that is about SQLite itself is skipped; null to run it.</summary>
    public static string? SkipReason(string about) => Kind == DatabaseKind.Sqlite ? null : $"This test is about SQLite: {about}.";
}

/// <summary>A fact about SQLite itself; skipped, with the reason, when the tests run on PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqliteFactAttribute : FactAttribute
{
    /// <param name="about">What of it, to follow a colon.</param>
    public SqliteFactAttribute(string about) => Skip = TestedDatabase.SkipReason(about);
}

/// <summary>A theory about SQLite itself; see <see cref="SqliteFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqliteTheoryAttribute : TheoryAttribute
{
    /// <param name="about">What of it, to follow a colon.</param>
    public SqliteTheoryAttribute(string about) => Skip = TestedDatabase.SkipReason(about);
}
