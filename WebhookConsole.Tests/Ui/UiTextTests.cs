using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public class UiTextTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(123, "123 ms")]
    [InlineData(1234, "1.2 s")]
    [InlineData(59_990, "1 min")]
    [InlineData(125_000, "2 min 5 s")]
    [InlineData(3_900_000, "1 h 5 min")]
    [InlineData(273_600_000, "3 d 4 h")]
    public void Milliseconds_AnyLength_IsRead(int milliseconds, string expected) => Assert.Equal(expected, Formats.Milliseconds(milliseconds));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1229, "1.2 KB")]
    [InlineData(3 * 1024 * 1024, "3 MB")]
    public void Bytes_AnySize_IsRead(long bytes, string expected) => Assert.Equal(expected, Formats.Bytes(bytes));

    [Theory]
    [InlineData(0.9999, "99.9 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.987, "98.7 %")]
    public void Percent_Nearly100_IsNotRoundedUp(double share, string expected) => Assert.Equal(expected, Formats.Percent(share));

    [Theory]
    [InlineData("/p/default/events", "default")]
    [InlineData("/p/a%20b?x=1", "a b")]
    [InlineData("/account/login", null)]
    [InlineData("/p", null)]
    public void ProjectOf_Path_IsTheSlug(string path, string? expected) => Assert.Equal(expected, ConsoleUrls.ProjectOf(path));

    [Theory]
    [InlineData("/p/default?x=1", "/p/default?x=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void LocalOrHome_ForeignAddress_IsHome(string? url, string expected) => Assert.Equal(expected, ConsoleUrls.LocalOrHome(url));

    [Theory]
    [InlineData("/account/login", true)]
    [InlineData("/setup", true)]
    [InlineData("/setups", false)]
    [InlineData("/p/default", false)]
    [InlineData("/p/default/events/01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba/evidence", true)]
    [InlineData("/p/default/events/01a1fc2c-a87c-750c-8dd3-46c8e9cf6aba/full", false)]
    [InlineData("/p/evidence", false)]
    public void IsStaticallyRendered_CookiePagesAndPaper_Only(string path, bool expected) => Assert.Equal(expected, ConsoleUrls.IsStaticallyRendered(path));
}
