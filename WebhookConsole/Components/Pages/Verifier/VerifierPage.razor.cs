using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebhookConsole.Deliveries.Verifying;
using WebhookConsole.Domain;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Verifier;

/// <summary>Verifies a pasted request, or one that an attempt sent, and says what is wrong with it (specification §9).</summary>
public partial class VerifierPage
{
    private VerifierInput _input = new();
    private IReadOnlyList<Webhook> _webhooks = [];
    private VerifierResult? _result;
    private WebhookName? _webhook;
    private byte[] _body = [];
    private string? _problem;
    private string? _unreadable;
    private string? _shown;
    private bool _working;
    private bool _revealed;
    private bool _showResult;
    private ElementReference _section;

    /// <summary>Id of an attempt to fill in.</summary>
    [SupplyParameterFromQuery(Name = "attempt")]
    public string? Attempt { get; set; }

    /// <summary>Id of the webhook to choose.</summary>
    [SupplyParameterFromQuery(Name = "webhook")]
    public string? Webhook { get; set; }

    [Inject]
    private RequestVerifier Verifier { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        LoadState<IReadOnlyList<Webhook>> webhooks = await Page.ReadAsync(actor => Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing));
        _webhooks = webhooks.HasValue ? webhooks.Value : _webhooks;

        // A refresh of the page keeps what was typed.
        string address = $"{Attempt} {Webhook}";
        if (_shown != address)
        {
            _shown = address;
            await FillAsync();
        }
    }

    // On a phone the result is below the form, out of sight.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_showResult)
        {
            _showResult = false;
            await Browser.InvokeVoidAsync("consoleUi.reveal", _section);
        }
    }

    private async Task FillAsync()
    {
        AddressReader address = new();
        Guid? attempt = address.Id("attempt", Attempt);
        Guid? webhook = address.Id("webhook", Webhook);
        _unreadable = address.Unreadable;
        if (webhook is { } chosen && _webhooks.Any(w => w.Id == chosen))
        {
            _input.Webhook = chosen.ToString();
        }

        if (attempt is { } id)
        {
            LoadState<RecordedRequest> recorded = await Page.ReadAsync(actor => Verifier.GetAttemptAsync(actor, Page.Project.Id, id, Page.Closing));
            if (recorded.HasValue)
            {
                _input.Fill(recorded.Value);
                if (!_webhooks.Any(w => w.Id == recorded.Value.WebhookId))
                {
                    _input.Webhook = "";
                }

                await VerifyAsync();
            }
            else
            {
                _problem = recorded.Error ?? "There is no such attempt. Retention may have removed it.";
            }
        }
    }

    private async Task SubmitAsync()
    {
        await VerifyAsync();
        _showResult = true;
    }

    private async Task VerifyAsync()
    {
        _problem = _input.Missing;
        _result = null;
        if (_problem is not null)
        {
            return;
        }

        _working = true;
        try
        {
            RequestToVerify request = _input.ToRequest();
            LoadState<VerifiedRequest> verified = await Page.ReadAsync(actor => Verifier.VerifyAsync(actor, Page.Project.Id, request, Page.Closing));
            if (verified is { HasValue: true, Value.Webhook: null } && request.Secret!.Length == 0)
            {
                _problem =
                    "Choose the webhook that sent it, or paste the secret of your receiver: nothing in the headers says which webhook of this project it is.";
            }
            else if (verified.HasValue)
            {
                (_result, _webhook, _body) = (VerifierResult.Of(verified.Value.Report, _input.IgnoreAge), verified.Value.Webhook, request.Body);
            }
            else
            {
                _problem = verified.Error ?? "This webhook no longer exists. Choose another one, or paste the secret.";
            }
        }
        finally
        {
            _working = false;
        }
    }

    // Once there is a result, it follows every change, so that a guess takes one keystroke.
    private async Task ChangedAsync()
    {
        if (_result is not null || _problem is not null)
        {
            await VerifyAsync();
        }
    }

    private async Task LoadExampleAsync()
    {
        _input.FillExample(Clock.GetUtcNow());
        await VerifyAsync();
    }

    private void Clear()
    {
        _input = new VerifierInput();
        (_result, _problem, _revealed, _webhook) = (null, null, false, null);
    }
}
