namespace WebhookConsole.Tests;
public class SmokeTests { [Fact] public void Bunit_Loads() { using var c = new Bunit.BunitContext(); Assert.NotNull(c.Services); } }
