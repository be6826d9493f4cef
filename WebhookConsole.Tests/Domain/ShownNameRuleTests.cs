using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class ShownNameRuleTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Zahlung – Größe №1")]
    [InlineData("سفارش‌ها")]
    [InlineData("हिन्दी")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("❤️")]
    [InlineData("O'Neill & Sons <b>")]
    [InlineData("a\u200Db")]
    public void IsValid_TextThatCanBeSeen_IsTrue(string name) => Assert.True(ShownName.IsValid(name, 100));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u00A0")]
    [InlineData("\u200B")]
    [InlineData("\u0301")]
    [InlineData("\u20DD")]
    [InlineData("\uE000")]
    [InlineData("\u0378")]
    [InlineData("\u115F")]
    [InlineData("\u1160")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\uFFA0")]
    public void IsValid_NothingToSee_IsFalse(string name)
    {
        Assert.False(ShownName.IsValid(name, 100));
        Assert.True(ShownName.IsValid(name + "a", 100), "beside something to see");
    }

    [Fact]
    public void IsValid_EverySteeringCharacter_IsRefusedAndItsNeighboursAreNot()
    {
        int[] steering = [0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069];
        for (int c = 0x2020; c <= 0x2070; c++)
        {
            Assert.True(!steering.Contains(c) == ShownName.IsValid($"a{(char)c}b", 100), $"U+{c:X4}");
        }
    }

    [Fact]
    public void IsValid_ControlCharacterOrHalfAPair_IsFalse()
    {
        for (int c = 0; c <= 0xFF; c++)
        {
            Assert.True(char.GetUnicodeCategory((char)c) != UnicodeCategory.Control == ShownName.IsPlain($"a{(char)c}"), $"U+{c:X4}");
            Assert.True(char.GetUnicodeCategory((char)c) != UnicodeCategory.Control == ShownName.IsValid($"a{(char)c}", 2), $"U+{c:X4}");
        }

        foreach (string name in new[] { "a" + (char)0xD800, (char)0xDC00 + "b", "a" + (char)0xD83D + "b" })
        {
            Assert.False(ShownName.IsValid(name, 100));
            Assert.False(ShownName.IsPlain(name));
        }

        Assert.True(ShownName.IsPlain(""));
        Assert.True(ShownName.IsPlain("😀a😀"));
        Assert.False(ShownName.IsPlain("😀\0"));
    }

    [Fact]
    public void IsValid_Length_IsCountedInUtf16()
    {
        Assert.True(ShownName.IsValid("abcd", 4));
        Assert.False(ShownName.IsValid("abcde", 4));
        Assert.True(ShownName.IsValid("😀😀", 4));
        Assert.False(ShownName.IsValid("😀😀a", 4));
    }
}
