using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebhookConsole.Cluster;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Tests.Support;

/// <summary>What services that may be in a cluster get where there is none.</summary>
internal static class Alone
{
    private static readonly SqliteDialect s_dialect = new("Data Source=:memory:");

    public static NodeMessages Messages =>
        new(
            s_dialect,
            new NodeMembership(
                s_dialect,
                Options.Create(new ClusterOptions()),
                new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
                NullLogger<NodeMembership>.Instance
            ),
            NullLogger<NodeMessages>.Instance
        );
}
