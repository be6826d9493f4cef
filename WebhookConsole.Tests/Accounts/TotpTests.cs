using System.Text;
using WebhookConsole.Accounts;

namespace WebhookConsole.Tests.Accounts;

public sealed class TotpTests
{
    private static readonly byte[] s_key = Encoding.ASCII.GetBytes("12345678901234567890");

    // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void CodeAt_VectorsOfTheRfc_Match(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(s_key, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void FindStep_ClocksDiffer_OneStepIsForgiven(int steps, bool found)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        long step = Totp.StepAt(now) + steps;
        Assert.Equal(found ? step : null, Totp.FindStep(s_key, Totp.CodeAt(s_key, step), now, after: 0));
    }

    [Fact]
    public void FindStep_UsedOrEarlierStep_IsNotFound()
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        long step = Totp.StepAt(now);
        Assert.Null(Totp.FindStep(s_key, Totp.CodeAt(s_key, step), now, after: step));
        Assert.Null(Totp.FindStep(s_key, Totp.CodeAt(s_key, step - 1), now, after: step));
        Assert.Equal(step + 1, Totp.FindStep(s_key, Totp.CodeAt(s_key, step + 1), now, after: step));
    }

    // RFC 4648, section 10, without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_VectorsOfTheRfc_Match(string text, string base32)
    {
        Assert.Equal(base32, Totp.Base32(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(text, Encoding.ASCII.GetString(AccountApp.Base32(base32)));
    }
}
