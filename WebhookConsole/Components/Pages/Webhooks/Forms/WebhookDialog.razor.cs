using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>Creates or edits a webhook. It saves through a parameter, so it needs no service. Closes with true when saved.</summary>
public sealed partial class WebhookDialog : IDisposable
{
    private static readonly Dictionary<string, string[]> s_noErrors = new(StringComparer.Ordinal);

    private ElementReference _form;
    private ElementReference _rotateButton;
    private RuleException? _refusal;
    private IReadOnlyList<EditConflict>? _conflicts;
    private bool _saving;
    private bool _showError;
    private bool _closed;

    /// <summary>Changed in place while the person types.</summary>
    [Parameter, EditorRequired]
    public WebhookForm Form { get; set; } = default!;

    /// <summary>The catalogue.</summary>
    [Parameter]
    public IReadOnlyList<EventType> Types { get; set; } = [];

    /// <summary>Whether to offer the import of a secret.</summary>
    [Parameter]
    public bool MayImport { get; set; }

    /// <summary>Saves the form; null when it worked.</summary>
    [Parameter, EditorRequired]
    public Func<Task<RuleException?>> Save { get; set; } = default!;

    /// <summary>Reads the current webhook, for a stale edit; null when it is gone.</summary>
    [Parameter]
    public Func<Task<Webhook?>>? Reload { get; set; }

    /// <summary>Rotates the secret of the webhook that is edited; null where the person may not.</summary>
    [Parameter]
    public Func<Task>? Rotate { get; set; }

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    private IReadOnlyList<EventType> Offered => Form.Scope == WebhookScope.Operations ? OperationalCatalogue.Types : Types;

    private bool Creating => Form.Version is null;

    private IReadOnlyDictionary<string, string[]> Errors => _refusal?.Errors ?? s_noErrors;

    private string SubmitText =>
        (Creating, _saving) switch
        {
            (true, true) when Form.Check && Form.Enabled => "Checking the endpoint…",
            (true, true) => "Creating…",
            (true, false) => "Create webhook",
            (false, true) => "Saving…",
            (false, false) => "Save",
        };

    // One line summarises the folded section, so that nobody has to open it.
    private string Summary => string.Join(" · ", SignatureFormats.For(Form.Format).Title, RetrySummary, HeaderSummary);

    private bool DecodesSecret => SignatureFormats.For(Form.Format).UsesDecodedKey;

    private string ImportHint =>
        "For moving from another system without changing the receiver: "
        + (DecodesSecret ? "whsec_ and the base64 of 24–64 bytes." : "16–256 printable characters, taken as they are.")
        + " Leave empty to generate one.";

    private string RetrySummary =>
        Form.Schedule switch
        {
            WebhookForm.CustomSchedule => "custom retries",
            "none" => "no retries",
            _ => $"{Form.Schedule} retries",
        };

    private string HeaderSummary =>
        Form.Headers.Count(h => !h.IsEmpty) is > 0 and int count ? Formats.Count(count, "extra header", "extra headers") : "no extra headers";

    public void Dispose() => _closed = true;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_showError)
        {
            _showError = false;
            await Browser.InvokeVoidAsync("consoleUi.focusInvalid", _form);
        }
    }

    private async Task SubmitAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        try
        {
            _refusal = await Save();
        }
        finally
        {
            _saving = false;
        }

        // Esc may have closed this dialog during the save; another one may be open by now and must stay open.
        if (_closed)
        {
            return;
        }

        if (_refusal is null)
        {
            Dialogs.Close(true);
            return;
        }

        _showError = _refusal.Errors.Count > 0;
        _conflicts = null;
        if (_refusal.Code == "stale_edit" && Reload is not null && await Reload() is { } newer)
        {
            Compare(newer);
        }
    }

    // It takes effect at once and leaves what was typed alone. The dialogs on top of this one took the focus with them.
    private async Task RotateAsync()
    {
        await Rotate!();
        if (!_closed)
        {
            await _rotateButton.FocusAsync();
        }
    }

    private void Compare(Webhook newer)
    {
        Form.Rebase(newer);
        _conflicts = EditConflict.Between(Form, newer);
    }

    private void Take(EditConflict conflict)
    {
        conflict.Take();
        _conflicts = _conflicts?.Where(c => c != conflict).ToArray();
    }
}
