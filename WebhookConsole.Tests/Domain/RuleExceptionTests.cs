using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class RuleExceptionTests
{
    [Fact]
    public void Invalid_OneField_CarriesItsSentence()
    {
        RuleException exception = RuleException.Invalid("url", "Enter the URL.");
        Assert.Equal((RefusalKind.Invalid, "validation_failed", "Enter the URL."), (exception.Kind, exception.Code, exception.Message));
        Assert.Equal(["Enter the URL."], Assert.Single(exception.Errors, e => e.Key == "url").Value);
        Assert.False(exception.Errors.ContainsKey("URL"));
    }

    [Fact]
    public void Invalid_SeveralFields_SaysThemAll()
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal) { ["name"] = ["Too long.", "Not plain."], ["url"] = ["Missing."] };
        RuleException exception = RuleException.Invalid(errors);
        Assert.Equal((RefusalKind.Invalid, "validation_failed"), (exception.Kind, exception.Code));
        Assert.Equal("Too long. Not plain. Missing.", exception.Message);
        Assert.Same(errors, exception.Errors);
    }

    [Fact]
    public void Others_Each_HaveTheirKindAndCode()
    {
        RuleException missing = RuleException.NotFound("webhook");
        Assert.Equal((RefusalKind.NotFound, "not_found", "This webhook does not exist."), (missing.Kind, missing.Code, missing.Message));
        RuleException conflict = RuleException.Conflict("stale_edit", "Somebody else saved.");
        Assert.Equal((RefusalKind.Conflict, "stale_edit", "Somebody else saved."), (conflict.Kind, conflict.Code, conflict.Message));
        RuleException unavailable = RuleException.Unavailable("The disk is full.");
        Assert.Equal((RefusalKind.Unavailable, "unavailable", "The disk is full."), (unavailable.Kind, unavailable.Code, unavailable.Message));
        Assert.All([missing, conflict, unavailable], e => Assert.Empty(e.Errors));
    }
}
