using Microsoft.Extensions.Configuration;
using WebhookConsole.CommandLine;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.CommandLine;

/// <summary><c>webhookconsole check-health</c>, which containers run.</summary>
public sealed class CheckHealthTests
{
    [Theory]
    [InlineData("Urls", "http://*:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("Urls", "http://+:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("Urls", "http://0.0.0.0:8080;https://*:8443", "http://127.0.0.1:8080/health/ready")]
    [InlineData("Urls", "http://[::]:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("Urls", "http://[::1]:8080", "http://[::1]:8080/health/ready")]
    [InlineData("Urls", "https://localhost:8443/", "https://localhost:8443/health/ready")]
    [InlineData("Urls", "http://10.0.0.5", "http://10.0.0.5/health/ready")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://*:9090", "http://127.0.0.1:9090/health/ready")]
    public void Address_OfTheServer_CanBeReachedFromHere(string key, string value, string expected) =>
        Assert.Equal(expected, CheckHealthCommand.AddressOf(Settings((key, value))).AbsoluteUri);

    [Theory]
    [InlineData("*", null)]
    [InlineData(null, null)]
    [InlineData("console.example.com; other.example.com", "console.example.com")]
    [InlineData("*.example.com", "health.example.com")]
    public void Host_OfTheRequest_IsOneThatTheServerAnswersTo(string? allowed, string? expected) =>
        Assert.Equal(expected, CheckHealthCommand.HostOf(Settings(("AllowedHosts", allowed))));

    [Fact]
    public async Task Run_ServerWithOneAllowedHost_IsHealthy()
    {
        Dictionary<string, string?> settings = new(StringComparer.Ordinal) { ["AllowedHosts"] = "console.example.com" };
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Settings = settings });
        string url = app.Address.GetLeftPart(UriPartial.Authority);
        CommandResult known = await ConsoleCommand.RunAsync("check-health", "--Urls=" + url, "--AllowedHosts=console.example.com");
        Assert.Equal((0, "Healthy (200)\n", ""), (known.Code, known.Output, known.Errors));
        CommandResult unknown = await ConsoleCommand.RunAsync("check-health", "--Urls=" + url);
        Assert.Equal(1, unknown.Code);
        Assert.Contains("(400)", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NobodyThere_EndsWith1AndSaysWhere()
    {
        CommandResult result = await ConsoleCommand.RunAsync("check-health", "--Urls=http://127.0.0.1:9");
        Assert.Equal(1, result.Code);
        Assert.StartsWith("No server answers at http://127.0.0.1:9/health/ready: ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";")]
    [InlineData("http://unix:/run/webhookconsole.sock")]
    public async Task Run_AddressThatCannotBeAsked_EndsWith1AndSaysWhatToGive(string urls)
    {
        CommandResult result = await ConsoleCommand.RunAsync("check-health", "--Urls=" + urls);
        Assert.Equal(1, result.Code);
        Assert.StartsWith("The address of the server cannot be asked; give one such as", result.Errors, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
