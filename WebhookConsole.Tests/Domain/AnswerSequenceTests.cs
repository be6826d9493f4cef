using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

/// <summary>What an inbox answers, and the text of it.</summary>
public sealed class AnswerSequenceTests
{
    private static AnswerSequence Of(string text)
    {
        Assert.True(AnswerSequence.TryRead(text, out AnswerSequence? sequence, out string? error), error);
        return sequence;
    }

    [Theory]
    [InlineData("200", "200")]
    [InlineData(" 500x5 ,200 ", "500 x5, 200")]
    [InlineData("500 X 5, 200, REPEAT", "500 x5, 200, repeat")]
    [InlineData("503 ×2 after 1.5s, 204", "503 x2 after 1500ms, 204")]
    [InlineData("200 after 15000ms", "200 after 15s")]
    [InlineData("200 x1 after 0ms", "200")]
    [InlineData("599 x1000 after 15000 ms, repeat", "599 x1000 after 15s, repeat")]
    public void TryRead_Text_IsWrittenInOneForm(string text, string expected)
    {
        Assert.Equal(expected, Of(text).ToString());
        Assert.Equal(expected, AnswerSequence.Parse(expected).ToString());
    }

    [Theory]
    [InlineData(null, "Enter at least one answer, such as 200.")]
    [InlineData("  ", "Enter at least one answer, such as 200.")]
    [InlineData("repeat", "'repeat' is not a step")]
    [InlineData("200,", "'' is not a step")]
    [InlineData("500 five times", "'500 five times' is not a step")]
    [InlineData("500 x", "'500 x' is not a step")]
    [InlineData("500 x-1", "'500 x-1' is not a step")]
    [InlineData("500 after 2", "'500 after 2' is not a step")]
    [InlineData("٢٠٠", "is not a step")]
    [InlineData("200 x9999999999", "is not a step")]
    [InlineData("199", "'199' is not a status that an inbox can answer with: use 200–599.")]
    [InlineData("600", "'600' is not a status that an inbox can answer with: use 200–599.")]
    [InlineData("200 x0, 500", "A step answers 1–1000 requests, not 0.")]
    [InlineData("200 x1001, 500", "A step answers 1–1000 requests, not 1001.")]
    [InlineData("200 after 15.001s", "A delay is 0–15 seconds, not 15001 ms.")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21", "A sequence has at most 20 steps.")]
    public void TryRead_WrongText_SaysWhatIsWrong(string? text, string expected)
    {
        Assert.False(AnswerSequence.TryRead(text, out AnswerSequence? sequence, out string? error));
        Assert.Null(sequence);
        Assert.Contains(expected, error);
    }

    [Theory]
    [InlineData("200", 0, 200)]
    [InlineData("200", long.MaxValue, 200)]
    [InlineData("500 x5, 200", 4, 500)]
    [InlineData("500 x5, 200", 5, 200)]
    [InlineData("500 x5, 200", 1_000_000, 200)]
    [InlineData("500 x2, 429, 200 x3", 2, 429)]
    [InlineData("500 x2, 429, 200 x3", 3, 200)]
    [InlineData("500 x2, 200, repeat", 2, 200)]
    [InlineData("500 x2, 200, repeat", 3, 500)]
    [InlineData("500 x2, 200, repeat", 3_000_002, 200)]
    public void At_AnsweredSoFar_IsTheNextStep(string text, long answered, int status) => Assert.Equal(status, Of(text).At(answered).Status);

    [Fact]
    public void PlaceAt_WithinAStep_SaysTheHowManieth()
    {
        Assert.Equal((0, 3), Of("500 x5, 200").PlaceAt(2));
        Assert.Equal((1, 1), Of("500 x5, 200").PlaceAt(5));
        Assert.Equal((0, 2), Of("500 x2, 200, repeat").PlaceAt(4));
    }
}
