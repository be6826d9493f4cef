using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.JSInterop;
using Radzen;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>Where the text in the editor comes from.</summary>
public enum TestDialogSource
{
    Example = 0,
    Last = 1,
    Edited = 2,
}

/// <summary>Sends tests, one after the other. What the editor shows is what is sent; the result appears above the button.</summary>
public sealed partial class TestDialog
{
    private Webhook _webhook = default!;
    private string _type = "";
    private TestDialogSource _source;
    private string _text = "";
    private LastEvent? _last;
    private TestOutcome? _outcome;
    private RuleException? _refusal;
    private bool _sending;

    [Parameter, EditorRequired]
    public TestSetup Setup { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private BrowserTime Time { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    private IReadOnlyList<string> Subscribed => [.. Names().Where(n => _webhook.EventFilter.Matches(n))];

    private IReadOnlyList<string> Others => [.. Names().Where(n => !_webhook.EventFilter.Matches(n))];

    private IEnumerable<(TestDialogSource Source, string Title, string Hint, bool Offered)> Sources =>
        [
            (TestDialogSource.Example, "Example", TypeOf(_type)?.ExamplePayload is null ? "This type has none yet" : "As in the catalogue", true),
            .. Setup.LoadLast is null
                ? []
                : new[] { (TestDialogSource.Last, "Last real event", _last is null ? "None in the history" : Time.Relative(_last.At), _last is not null) },
            (TestDialogSource.Edited, "Your own", "Type in the editor", true),
        ];

    protected override async Task OnInitializedAsync()
    {
        _webhook = Setup.Webhooks[0];
        _type = Setup.Type ?? TestPayloads.TypeFor(_webhook, Setup.Types);
        ShowSource(TestDialogSource.Example);
        await LoadLastAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Setup.Type is null && EditedTest.Read(await RecallAsync()) is { } edited)
        {
            bool sameType = edited.Type == _type;
            (_type, _source, _text) = (edited.Type, TestDialogSource.Edited, edited.Payload);
            if (!sameType)
            {
                await LoadLastAsync();
            }

            StateHasChanged();
        }
    }

    private EventType? TypeOf(string name) => Setup.Types.FirstOrDefault(t => t.Name == name);

    private IEnumerable<string> Names() => Setup.Types.Select(t => t.Name).Append(_type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private RenderFragment Options(IReadOnlyList<string> names) =>
        builder =>
        {
            foreach (string name in names)
            {
                builder.OpenElement(0, "option");
                builder.SetKey(name);
                builder.AddAttribute(1, "value", name);
                builder.AddContent(2, TypeOf(name) is { Deprecated: true } ? $"{name} (deprecated)" : name);
                builder.CloseElement();
            }
        };

    private Task ChooseWebhookAsync(ChangeEventArgs e)
    {
        _webhook = Setup.Webhooks.FirstOrDefault(w => w.Id.ToString() == (string?)e.Value) ?? _webhook;
        _outcome = null;
        return Task.CompletedTask;
    }

    private async Task ChooseTypeAsync(ChangeEventArgs e)
    {
        _type = (string?)e.Value ?? _type;
        await LoadLastAsync();
        if (_source != TestDialogSource.Edited)
        {
            ShowSource(_source == TestDialogSource.Last && _last is not null ? TestDialogSource.Last : TestDialogSource.Example);
        }
    }

    private async Task LoadLastAsync() => _last = Setup.LoadLast is null ? null : await Setup.LoadLast(_type);

    private void ChooseSource(TestDialogSource source) => ShowSource(source);

    private void ShowSource(TestDialogSource source)
    {
        _source = source;
        _text = source switch
        {
            TestDialogSource.Example => TestPayloads.ExampleOf(TypeOf(_type), _type),
            TestDialogSource.Last when _last is not null => JsonEditor.Indented(Encoding.UTF8.GetString(_last.Payload)),
            _ => _text,
        };
    }

    private void Edit(string text)
    {
        if (text != _text)
        {
            (_text, _source) = (text, TestDialogSource.Edited);
        }
    }

    private async Task SendAsync()
    {
        if (_sending)
        {
            return;
        }

        _sending = true;
        _outcome = null;
        if (_source == TestDialogSource.Edited)
        {
            await RememberAsync();
        }

        (_outcome, _refusal) = await Setup.Send(_webhook, new TestRequest { EventType = _type, Payload = _text });
        _sending = false;
    }

    // Kept in this tab only: the payload may be that of a real event, and somebody else may use the computer tomorrow.
    private async Task RememberAsync()
    {
        try
        {
            await Browser.InvokeVoidAsync("sessionStorage.setItem", EditedTest.KeyOf(_webhook), new EditedTest(_type, _text).Write());
        }
        catch (JSException)
        {
            // The browser's storage is off or full: the test is sent all the same.
        }
    }

    private async Task<string?> RecallAsync()
    {
        try
        {
            return await Browser.InvokeAsync<string?>("sessionStorage.getItem", EditedTest.KeyOf(_webhook));
        }
        catch (JSException)
        {
            return null;
        }
    }
}
