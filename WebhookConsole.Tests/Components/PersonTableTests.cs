using Bunit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.People;
using WebhookConsole.Domain;
using WebhookConsole.People;

namespace WebhookConsole.Tests.Components;

public class PersonTableTests : ComponentTestContext
{
    private static PersonView Person(int number, int projects = 0) =>
        new()
        {
            Id = Ids.New(DateTimeOffset.UnixEpoch),
            Email = $"person{number}@example.com",
            Role = Role.Viewer,
            State = PersonState.Active,
            Projects = [.. Enumerable.Range(0, projects).Select(i => new ProjectName(Ids.New(DateTimeOffset.UnixEpoch), $"p{i}", $"Project {i}"))],
        };

    // Ten thousand rows at once took two gigabytes of the server and minutes of the browser.
    [Fact]
    public void Table_ThousandsOfPeople_ShowsAPartAtATime()
    {
        List<PersonView> people = [.. Enumerable.Range(0, 10_000).Select(i => Person(i))];
        var table = Render<PersonTable>(p => p.Add(t => t.People, people).Add(t => t.Caption, "People").Add(t => t.Actions, _ => ""));
        Assert.Equal(ShowMore.Step, table.FindAll("tbody tr").Count);
        Assert.Contains("100 of 10,000", table.Find("[role=status]").TextContent, StringComparison.Ordinal);

        table.Find("button").Click();
        Assert.Equal(2 * ShowMore.Step, table.FindAll("tbody tr").Count);
    }

    [Fact]
    public void Row_ManyProjects_NamesTheFirstAndCountsTheRest()
    {
        var table = Render<PersonTable>(p =>
            p.Add(t => t.People, [Person(1, projects: 1000)]).Add(t => t.Caption, "People").Add(t => t.ShowProjects, true).Add(t => t.Actions, _ => "")
        );
        Assert.Equal(3, table.FindAll("td[data-label=Projects] .badge").Count);
        Assert.Contains("and 997 more", table.Find("td[data-label=Projects]").TextContent, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("[role=status]"));
    }
}
