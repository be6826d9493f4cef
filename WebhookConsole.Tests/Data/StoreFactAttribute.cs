using WebhookConsole.Tests.Support;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace WebhookConsole.Tests.Data;

/// <summary>A fact of a suite that runs on every provider: on PostgreSQL it is skipped, with the reason, where there is no server.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("WebhookConsole.Tests.Data.StoreFactDiscoverer", "WebhookConsole.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>Found by xunit through <see cref="StoreFactAttribute"/>.</summary>
public sealed class StoreFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new StoreTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>Knows by the name of its class whether it needs the server: <c>Postgres…</c>.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("For deserialization only.")]
    public StoreTestCase() { }

    public StoreTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method) { }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.Name.Split('.')[^1].StartsWith("Postgres", StringComparison.Ordinal)
            ? RequiredPostgres.SkipReason
            : base.GetSkipReason(factAttribute);
}
