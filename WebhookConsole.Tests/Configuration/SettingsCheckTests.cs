using Microsoft.Extensions.Configuration;
using WebhookConsole.Configuration;

namespace WebhookConsole.Tests.Configuration;

/// <summary>A wrong setting is named with its value, what is allowed and the nearest name (specification §13).</summary>
public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("Storage:Directory", "/data")]
    [InlineData("delivery:allowednetworks:0", "10.0.0.0/8")]
    [InlineData("Delivery:AllowedNetworks", "")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost:1")]
    [InlineData("AllowedHosts", "example.com")]
    [InlineData("urls", "http://*:80;https://[::1]:0;http://unix:/run/a.sock")]
    [InlineData("Mail:Password", "p")]
    [InlineData("Secrets:Reveal", "adminsmayreveal")]
    public void Demand_Setting_IsAccepted(string key, string value) => SettingsCheck.Demand(With((key, value)));

    [Theory]
    [InlineData("Bogus:Thing", "1", "Bogus:Thing=1 is not a setting. The sections are Storage, Cluster, Setup,")]
    [InlineData("Bogus", "1", "Bogus=1 is not a setting. The sections are")]
    [InlineData("Deliveri:AllowHtp", "true", "Did you mean Delivery:AllowHttp?")]
    [InlineData("Deliveri:X", "1", "Did you mean Delivery? Delivery has AllowHttp, AllowedNetworks,")]
    [InlineData("Delivery:AllowHtp", "true", "Delivery:AllowHtp=true is not a setting. Did you mean Delivery:AllowHttp? Delivery has AllowHttp,")]
    [InlineData("Delivery:AllowHttp:0", "true", "Delivery:AllowHttp:0=true is not a setting.")]
    [InlineData("Delivery:AllowedNetworks:first", "10.0.0.0/8", "is not a setting. Did you mean Delivery:AllowedNetworks?")]
    [InlineData("Delivery", "1", "Delivery=1 is not a setting. Delivery has")]
    [InlineData("Loging:LogLevel:Default", "Debug", "Did you mean Logging?")]
    [InlineData("Url", "http://localhost", "Did you mean Urls?")]
    [InlineData("ConnectionStrings:Default", "x", "is not a setting.")]
    [InlineData("Delivery:AllowHttp", "yes", "Delivery:AllowHttp is 'yes'; it must be true or false.")]
    [InlineData("Delivery:AllowedNetworks", "10.0.0.0/8", "it is a list: set Delivery:AllowedNetworks:0")]
    [InlineData("Delivery:AllowedNetworks:0", "ten", "Delivery:AllowedNetworks holds 'ten'")]
    [InlineData("Delivery:RetryJitter", "NaN", "Delivery:RetryJitter is 'NaN'")]
    [InlineData("Delivery:RetryJitter", "0.6", "Delivery:RetryJitter is 0.6; it must be 0 to 0.5.")]
    [InlineData("Limits:Connections", "", "Limits:Connections is ''; give a whole number.")]
    [InlineData("Limits:Connections", "9", "Limits:Connections is 9; it must be 10 to 1000000.")]
    [InlineData("Storage:Provider", "Postgres", "Storage:Provider is 'Postgres'; it must be Sqlite or PostgreSql. Did you mean PostgreSql?")]
    [InlineData("Secrets:Reveal", "7", "Secrets:Reveal is '7'; it must be Once or AdminsMayReveal.")]
    [InlineData("Setup:OwnerEmail", "a@example.com", "Setup:OwnerPassword is missing")]
    [InlineData("Mail:Host", "localhost", "Mail:From is ''")]
    [InlineData("Telemetry:OtlpEndpoint", "localhost:4317", "Telemetry:OtlpEndpoint is 'localhost:4317'; give the collector's address")]
    [InlineData("Telemetry:OtlpEndpoint", "http://me:word@localhost:4317", "Telemetry:OtlpEndpoint holds a user name or password")]
    [InlineData("Telemetry:OtlpHeaders", "Bearer abc", "Telemetry:OtlpHeaders cannot be read")]
    [InlineData("Telemetry:MetricsToken", "too-short", "Telemetry:MetricsToken has 9 characters")]
    [InlineData("Authentication:Jwt:Audience", "a", "Authentication:Jwt:Authority is missing")]
    [InlineData("Authentication:Jwt:Autority", "https://a", "Did you mean Authentication:Jwt:Authority?")]
    [InlineData("Autentication:Jwt:Authority", "https://a", "Did you mean Authentication:Jwt:Authority?")]
    [InlineData("Authentication:Schemes:Bearer:ValidIssuer", "https://a", "is not a setting.")]
    [InlineData("Urls", "localhost:80", "Urls holds 'localhost:80'; give addresses such as")]
    [InlineData("Urls", "http://localhost:99999", "Urls holds")]
    public void Demand_WrongSetting_SaysWhatIsAllowed(string key, string value, string expected)
    {
        SettingsException exception = Assert.Throws<SettingsException>(() => SettingsCheck.Demand(With((key, value))));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("https://login.example.com/realms/a", "Production", true)]
    [InlineData("http://login.example.com", "Production", false)]
    [InlineData("http://localhost:8080", "Development", true)]
    [InlineData("https://login.example.com?a=b", "Production", false)]
    [InlineData("https://a:b@login.example.com", "Production", false)]
    [InlineData("login.example.com", "Development", false)]
    public void Demand_Authority_IsHttpsOutsideOfDevelopment(string authority, string environment, bool accepted)
    {
        ConfigurationManager configuration = With(
            ("Authentication:Jwt:Authority", authority),
            ("Authentication:Jwt:Audience", "a"),
            ("Environment", environment)
        );
        Exception? exception = Record.Exception(() => SettingsCheck.Demand(configuration));
        Assert.Equal(accepted, exception is null);
        Assert.True(accepted || exception!.Message.Contains("give the https address of the issuer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Setup:OwnerPasword")]
    [InlineData("Setup:ApiTokn")]
    [InlineData("Mail:Pass")]
    [InlineData("Male:Password")]
    [InlineData("Storage:ConectionString")]
    public void Demand_MisspeltSecret_IsNotRepeated(string key)
    {
        SettingsException exception = Assert.Throws<SettingsException>(() => SettingsCheck.Demand(With((key, "hunter2"))));
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Demand_SeveralProblems_NamesEveryOne()
    {
        SettingsException exception = Assert.Throws<SettingsException>(() =>
            SettingsCheck.Demand(With(("Bogus:Key", "1"), ("Retention:Days", "0"), ("Limits:Connections", "1"), ("Limits:BodyMegabytes", "1")))
        );
        Assert.Equal(4, exception.Message.Split('\n').Length);
    }

    [Theory]
    [InlineData("Delivry", "Delivery")]
    [InlineData("DELIVERI", "Delivery")]
    [InlineData("Retnetion", "Retention")]
    [InlineData("Mial", null)]
    [InlineData("Main", "Mail")]
    [InlineData("Data", null)]
    [InlineData("", null)]
    public void NearestName_Of_IsATypingErrorAway(string text, string? expected) =>
        Assert.Equal(expected, NearestName.Of(text, SettingsSections.All.Select(s => s.Name)));

    private static ConfigurationManager With(params (string Key, string Value)[] settings)
    {
        ConfigurationManager configuration = new();
        configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        return configuration;
    }
}
