using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace WebhookConsole.Data;

/// <summary>
/// Makes SQLite's tables STRICT (https://www.sqlite.org/stricttables.html): a value whose type differs from the column's is refused, as
/// in PostgreSQL, instead of being kept as it is. EF uses only the column types INTEGER, TEXT, BLOB and REAL, all of which a
/// strict table allows.
/// </summary>
internal sealed class StrictSqliteSql(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: false);
        builder.Append(" STRICT");
        if (terminate)
        {
            builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
            EndStatement(builder);
        }
    }
}
