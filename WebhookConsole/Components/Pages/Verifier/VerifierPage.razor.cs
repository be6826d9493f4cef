using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace WebhookConsole.Components.Pages.Verifier;

/// <summary>Verifies a pasted request and says what is wrong with it (specification §9).</summary>
public partial class VerifierPage
{
    private VerifierInput _input = new();
    private VerifierResult? _result;
    private string? _problem;
    private bool _revealed;
    private bool _showResult;
    private ElementReference _section;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    // There is nothing to load: only the pasted text counts.
    protected override Task LoadAsync() => Task.CompletedTask;

    // On a phone the result is below the form, out of sight.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_showResult)
        {
            _showResult = false;
            await Browser.InvokeVoidAsync("consoleUi.reveal", _section);
        }
    }

    private void Submit()
    {
        Verify();
        _showResult = true;
    }

    private void Verify()
    {
        _problem = _input.Missing;
        _result = _problem is null ? _input.Verify(Clock.GetUtcNow()) : null;
    }

    // Once there is a result, it follows every change, so that a guess takes one keystroke.
    private void Changed()
    {
        if (_result is not null || _problem is not null)
        {
            Verify();
        }
    }

    private void LoadExample()
    {
        _input.FillExample(Clock.GetUtcNow());
        Verify();
    }

    private void Clear()
    {
        _input = new VerifierInput();
        (_result, _problem, _revealed) = (null, null, false);
    }
}
