using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>The catalogue through the API (specification §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class EventTypesApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    private static string NewType() => $"type.{Guid.CreateVersion7():n}";

    [Theory]
    [InlineData("""{"description":"no name"}""", "name")]
    [InlineData("""{"name":"has space"}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a.b","description":7}""", "description")]
    [InlineData("""{"name":"a.b","description":"with \u0000 NUL"}""", "description")]
    [InlineData("""{"name":"a.b","deprecated":"yes"}""", "deprecated")]
    [InlineData("""{"name":"a.b","deprecated":null}""", "deprecated")]
    [InlineData("""{"name":"a.b","example":{"x":1,"x":2}}""", "example")]
    [InlineData("""{"name":"a.b","seen":true}""", "seen")]
    [InlineData("""{"name":"a.b","name":"a.c"}""", "name")]
    [InlineData("""[]""", "$")]
    public async Task CreateEventType_WrongField_IsNamed(string body, string field)
    {
        ApiAnswer answer = (await App.PostAsync("event-types", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task EventType_CreatedReadChangedDeleted_IsAsItWasSaid()
    {
        string name = NewType();
        ApiAnswer made = (await App.PostAsync("event-types", $$"""{"name":"{{name}}","description":"One","example":{"n":1.0} }""")).Expect(
            HttpStatusCode.Created
        );
        Assert.EndsWith($"/event-types/{name}", made.Headers.Location!.ToString());
        Assert.Equal("""{"n":1.0}""", made.Json.GetProperty("example").GetRawText());
        Assert.Equal((false, false, 1), (Flag(made, "seen"), Flag(made, "deprecated"), made.Json.GetProperty("version").GetInt32()));
        Assert.Equal(made.Text, (await App.GetAsync($"event-types/{name}")).Expect(HttpStatusCode.OK).Text);
        Assert.Contains((await App.GetAsync("event-types")).Json.Items("items"), t => t.Text("name") == name);

        ApiAnswer changed = (await App.PatchAsync($"event-types/{name}", new { deprecated = true, version = 1 })).Expect(HttpStatusCode.OK);
        Assert.Equal(("One", true), (changed.Json.Text("description"), Flag(changed, "deprecated")));
        Assert.Equal("""{"n":1.0}""", changed.Json.GetProperty("example").GetRawText());
        ApiAnswer cleared = (await App.PatchAsync($"event-types/{name}", """{"example":null}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, cleared.Json.GetProperty("example").ValueKind);

        (await App.PostAsync("event-types", new { name })).ExpectProblem(HttpStatusCode.Conflict, "event_type_exists");
        (await App.DeleteAsync($"event-types/{name}")).Expect(HttpStatusCode.NoContent);
        (await App.DeleteAsync($"event-types/{name}")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await App.GetAsync($"event-types/{name}")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task UpdateEventType_StaleVersion_Is409WithTheNewerOne()
    {
        string name = NewType();
        (await App.PostAsync("event-types", new { name })).Expect(HttpStatusCode.Created);
        (await App.PatchAsync($"event-types/{name}", new { description = "first", version = 1 })).Expect(HttpStatusCode.OK);
        ApiAnswer stale = (
            await App.SendAsync(HttpMethod.Patch, $"event-types/{name}", new { description = "second" }, change: r => r.Headers.Add("If-Match", "\"1\""))
        ).ExpectProblem(HttpStatusCode.Conflict, "stale_edit");
        Assert.Equal((await App.GetAsync($"event-types/{name}")).Text, stale.Json.GetProperty("current").GetRawText());
        (await App.PatchAsync($"event-types/{name}", new { version = 2, colour = "red" })).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private static bool Flag(ApiAnswer answer, string name) => answer.Json.GetProperty(name).GetBoolean();
}
