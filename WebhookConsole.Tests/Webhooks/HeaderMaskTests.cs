using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

public sealed class HeaderMaskTests
{
    [Theory]
    [InlineData("", "…")]
    [InlineData("12345678", "…")]
    [InlineData("123456789", "…6789")]
    public void Hint_Value_ShowsFourCharactersOfLongOnesOnly(string value, string expected)
    {
        string hint = HeaderHint.Of(new HeaderField("X-A", value)).Hint;
        Assert.Equal(expected, hint);
        Assert.True(HeaderHint.IsHint(hint));
        Assert.False(HeaderHint.IsHint(value));
    }

    [Theory]
    [InlineData("nothing of it", "nothing of it")]
    [InlineData("Bearer 0123456789", "*************6789")]
    [InlineData("0123456789", "******6789")]
    [InlineData("<0123456789><0123456789>", "<******6789><******6789>")]
    [InlineData("token=0123456789&", "token=******6789&")]
    [InlineData("cut off: Bearer 01234567", "cut off: ***************")]
    [InlineData("cut off: 012345678", "cut off: *********")]
    [InlineData("too little: 01234567", "too little: 01234567")]
    [InlineData("", "")]
    public void Conceal_Text_HidesTheValueAndWhatFollowsItsScheme(string text, string expected)
    {
        HeaderMask mask = new([new HeaderField("Authorization", "Bearer 0123456789")]);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        mask.Conceal(bytes);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
        Assert.Equal(expected, mask.Conceal(text));
    }

    [Theory]
    [InlineData("X-Tenant", "blue")]
    [InlineData("Accept", "application/json")]
    public void Conceal_WhatIsTooShortOrNoCredential_IsShown(string name, string value)
    {
        HeaderMask mask = new([new HeaderField(name, value)]);
        Assert.Equal($"Content-Type: {value}", mask.Conceal($"Content-Type: {value}"));
    }

    [Fact]
    public void Conceal_Null_IsNull() => Assert.Null(new HeaderMask([new HeaderField("X-A", "123456789")]).Conceal((string?)null));
}
