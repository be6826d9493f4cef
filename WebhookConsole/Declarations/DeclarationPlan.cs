using WebhookConsole.Declarations.Reading;

namespace WebhookConsole.Declarations;

/// <summary>What applying a set-up file would do.</summary>
/// <param name="Problems">What is wrong with the file; nothing can be applied then.</param>
/// <param name="Projects">In the order of the file.</param>
public sealed record DeclarationPlan(IReadOnlyList<DocumentProblem> Problems, IReadOnlyList<ProjectPlan> Projects)
{
    /// <summary>How many changes there are.</summary>
    public int Changes => Projects.Sum(p => p.Changes.Count);
}

/// <param name="Slug">The project.</param>
/// <param name="ProjectId">Empty while it does not exist; its first change creates it.</param>
/// <param name="Changes">What has to be done, in this order.</param>
/// <param name="Notes">What is left alone, a sentence each.</param>
public sealed record ProjectPlan(string Slug, Guid ProjectId, IReadOnlyList<PlannedChange> Changes, IReadOnlyList<string> Notes);

/// <param name="Text">What it does, as a sentence.</param>
/// <param name="RunAsync">Does it. Takes the id of the project, which is empty before the project exists, and gives it back.</param>
/// <param name="NewSecretOf">Name of the webhook that gets a new secret, which somebody has to claim; null for none.</param>
public sealed record PlannedChange(string Text, Func<Guid, Task<Guid>> RunAsync, string? NewSecretOf = null);
