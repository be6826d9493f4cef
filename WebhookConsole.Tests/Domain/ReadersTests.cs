using System.Buffers.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

/// <summary>The readers of what addresses and bodies carry: they say no, and never throw.</summary>
public sealed class ReadersTests
{
    public static TheoryData<string?> Nonsense =>
        [
            null,
            "",
            " ",
            "nonsense",
            new string('*', 27),
            new string('=', 27),
            new string('é', 27),
            new string('\ud800', 27),
            new string('A', 26) + "\0",
            new string('A', 25) + "==",
            new string('A', 100_000),
        ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void TryRead_Nonsense_IsRefusedByEveryReader(string? text)
    {
        Assert.False(Codes.TryRead(text, new byte[20]));
        Assert.False(Cursor.TryRead(text, "list", out _, out string? cursorError));
        Assert.False(Ids.TryRead(text, out _, out string? idError));
        Assert.False(Rfc3339.TryRead(text, out _, out string? timeError));
        Assert.All([cursorError, idError, timeError], e => Assert.EndsWith(".", e, StringComparison.Ordinal));
    }

    [Fact]
    public void Cursor_WrittenAndReadAgain_FitsItsListOnly()
    {
        Guid last = Guid.CreateVersion7();
        string cursor = Cursor.Write("failed", last);
        Assert.Equal(27, cursor.Length);
        Assert.True(Cursor.TryRead(cursor, "failed", out Guid read, out _));
        Assert.Equal(last, read);
        Assert.False(Cursor.TryRead(cursor, "all", out _, out _));
        Assert.False(Cursor.TryRead(cursor + "A", "failed", out _, out _));
        Assert.False(Cursor.TryRead("*" + cursor[1..], "failed", out _, out _));
    }

    [Fact]
    public void Codes_WrittenAndReadAgain_AreTheSameBytes()
    {
        byte[] written = [0, 255, 62, 63, 1];
        byte[] read = new byte[5];
        Assert.True(Codes.TryRead(Base64Url.EncodeToString(written), read));
        Assert.Equal(written, read);
        Assert.False(Codes.TryRead(Base64Url.EncodeToString(written), new byte[4]));
    }

    [Theory]
    [InlineData("019A0000-0000-7000-8000-000000000001", true)]
    [InlineData("{019a0000-0000-7000-8000-000000000001}", false)]
    [InlineData("019a0000000070008000000000000001", false)]
    [InlineData("019a0000-0000-7000-8000-000000000001 ", false)]
    public void Id_IsReadInOneForm(string text, bool expected) => Assert.Equal(expected, Ids.TryRead(text, out _, out _));

    [Theory]
    [InlineData("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31t09:30:00z", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T09:30:00.5Z", "2026-01-31T09:30:00.500Z")]
    [InlineData("2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123Z")]
    [InlineData("2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00.000Z")]
    [InlineData("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000Z")]
    public void Time_OfRfc3339_IsRead(string text, string expected)
    {
        Assert.True(Rfc3339.TryRead(text, out DateTimeOffset time, out _));
        Assert.Equal(expected, Rfc3339.Write(time));
    }

    [Theory]
    [InlineData("12:00Z")]
    [InlineData("01/02/2026")]
    [InlineData("2026-01-01Z")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("2026-01-31T09:30Z")]
    [InlineData("2026-01-31 09:30:00Z")]
    [InlineData("2026-01-31T09:30:00.Z")]
    [InlineData("2026-01-31T09:30:00+2:00")]
    [InlineData("2026-01-31T09:30:00+0200")]
    [InlineData("2026-01-31T09:30:00 02:00")]
    [InlineData("2026-01-31T09:30:00+25:00")]
    [InlineData("2026-02-30T09:30:00Z")]
    [InlineData("2026-01-31T24:30:00Z")]
    [InlineData(" 2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31T09:30:00Z\n")]
    [InlineData("٢٠٢٦-01-31T09:30:00Z")]
    [InlineData("Sat, 31 Jan 2026 09:30:00 GMT")]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void Time_OfAnotherForm_IsRefused(string text) => Assert.False(Rfc3339.TryRead(text, out _, out _));
}
