using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using WebhookConsole.Data;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

/// <summary>SQLite's model is compiled ahead by <c>build/add-migration</c>; a change of the model without it must not go unnoticed.</summary>
public sealed class CompiledModelTests
{
    [SqliteFact("its compiled model")]
    public async Task Model_OfSqlite_IsTheCompiledOneAndSaysWhatTheConfigurationsSay()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        (IModel used, IModel configured) = await app.QueryAsync(db => Task.FromResult((db.Model, db.GetService<IDesignTimeModel>().Model)));

        Assert.Equal("SqliteConsoleDbContextModel", used.GetType().Name);
        Assert.Equal(Describe(configured), Describe(used));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Migrations_OfEachDatabase_MakeTheConfiguredModel(DatabaseKind kind)
    {
        await using StoreDatabase database = await StoreDatabase.OpenAsync(kind);

        // The application does not check this at start, because it would take longer than everything else there.
        Assert.False(await database.QueryAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
    }

    private static string Describe(IModel model) => string.Join('\n', model.GetEntityTypes().OrderBy(t => t.Name, StringComparer.Ordinal).SelectMany(Lines));

    private static IEnumerable<string> Lines(IEntityType type) =>
        [
            $"{type.Name} in {type.GetTableName()}",
            .. type.GetProperties()
                .Select(p =>
                    $"  {p.Name}: {p.ClrType} {p.GetColumnName()} {p.GetColumnType()} null={p.IsNullable} max={p.GetMaxLength()} {p.ValueGenerated} "
                    + $"token={p.IsConcurrencyToken} as {p.GetTypeMapping().Converter?.ProviderClrType}"
                )
                .Order(StringComparer.Ordinal),
            .. type.GetKeys().Select(k => "  key " + Names(k.Properties)).Order(StringComparer.Ordinal),
            .. type.GetForeignKeys()
                .Select(k => $"  {Names(k.Properties)} -> {k.PrincipalEntityType.Name} {k.DeleteBehavior} required={k.IsRequired}")
                .Order(StringComparer.Ordinal),
            .. type.GetIndexes().Select(i => $"  index {Names(i.Properties)} unique={i.IsUnique}").Order(StringComparer.Ordinal),
        ];

    private static string Names(IReadOnlyList<IProperty> properties) => string.Join(',', properties.Select(p => p.Name));
}
