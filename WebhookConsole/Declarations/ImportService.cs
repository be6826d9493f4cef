using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Signing;
using WebhookConsole.Targets;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>What an import would make.</summary>
/// <param name="Problems">What is wrong with the file; nothing can be imported then.</param>
/// <param name="Webhooks">What would be created.</param>
/// <param name="Notes">What cannot be taken over, a sentence each.</param>
public sealed record ImportPlan(IReadOnlyList<DocumentProblem> Problems, IReadOnlyList<ImportedWebhook> Webhooks, IReadOnlyList<string> Notes)
{
    /// <summary>The names of the webhooks that come without a secret.</summary>
    public IReadOnlyList<string> NewSecretsOf => [.. Webhooks.Where(w => w.Secret is null).Select(w => w.Draft.Name!)];

    /// <summary>One sentence for each webhook, without its secret.</summary>
    public IEnumerable<string> Changes =>
        Webhooks.Select(w =>
            $"Create webhook '{w.Draft.Name}' ({SignatureFormats.NameOf(w.Draft.Format)}{(w.Draft.Enabled ? "" : ", disabled")}) to {w.Draft.Url}, "
            + (w.Secret is null ? "with a new secret." : $"with its secret (fingerprint {SigningSecret.FromText(w.Secret).Fingerprint}).")
        );
}

/// <summary>Moves webhooks with their secrets here from another system (specification §4, §13).</summary>
public sealed class ImportService(UnitOfWork work, WebhookService webhooks, IOptions<DeliveryOptions> delivery)
{
    private readonly TargetPolicy _policy = TargetPolicy.From(delivery.Value);

    /// <summary>Reads a file and checks everything by the rules of the form.</summary>
    [Requires(Permission.SeeNewSecret)]
    public async Task<ImportPlan> PlanAsync(Actor actor, Guid projectId, string text, ImportFormat format, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.SeeNewSecret, projectId);
        List<DocumentProblem> problems = [];
        ImportedFile file = ImportReader.Read(text, format, problems);
        HashSet<string> taken = [.. (await webhooks.ListAsync(actor, projectId, cancellationToken)).Select(w => w.Name)];
        foreach (ImportedWebhook webhook in file.Webhooks)
        {
            Check(webhook, taken, problems);
        }

        return new ImportPlan([.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)], file.Webhooks, file.Notes);
    }

    /// <summary>Creates all webhooks of a plan, or none.</summary>
    /// <exception cref="RuleException">One of them is refused; nothing was imported.</exception>
    [Requires(Permission.SeeNewSecret)]
    public Task ApplyAsync(Actor actor, Guid projectId, ImportPlan plan, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.SeeNewSecret, projectId);
        return work.TogetherAsync(
            async () =>
            {
                foreach (ImportedWebhook webhook in plan.Webhooks)
                {
                    await webhooks.CreateAsync(actor, projectId, webhook.Draft, verify: false, webhook.Secret, leaveToClaim: webhook.Secret is null);
                }
            },
            cancellationToken
        );
    }

    private void Check(ImportedWebhook webhook, HashSet<string> taken, List<DocumentProblem> problems)
    {
        Webhook scratch = new()
        {
            Id = Guid.Empty,
            ProjectId = Guid.Empty,
            Name = "",
            Url = "",
            CreatedAt = default,
        };
        try
        {
            webhook.Draft.Apply(scratch, _policy);
        }
        catch (RuleException refused)
        {
            WebhookFields.Report(problems, webhook.Place, refused);
        }

        string name = (webhook.Draft.Name ?? "").Trim();
        if (name.Length > 0 && !taken.Add(name))
        {
            DocumentNode at = webhook.Place["name"] ?? webhook.Place;
            problems.Add(
                new DocumentProblem(at.Line, at.Column, $"Another webhook is called '{OutsideText.Excerpt(name)}'. An import changes no webhook that exists.")
            );
        }

        if (webhook.Secret is { } secret && !SigningSecret.TryImport(secret, webhook.Draft.Format, out _, out string? error))
        {
            DocumentNode at = webhook.Place["secret"] ?? webhook.Place["key"] ?? webhook.Place["secrets"] ?? webhook.Place;
            problems.Add(new DocumentProblem(at.Line, at.Column, "secret: " + error));
        }
    }
}
