using System.CommandLine;
using WebhookConsole.Declarations;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole apply FILE</c>: makes projects, event types and webhooks as a file has them.</summary>
internal static class ApplyCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string> file = ChangeVerb.File("YAML or JSON, as 'export' writes it.");
        Option<bool> prune = new("--prune") { Description = "Delete the webhooks and event types that a list of the file leaves out." };
        Option<bool> yes = ChangeVerb.Yes();
        Option<bool> dryRun = ChangeVerb.DryRun();
        Command command = new("apply", "Set up projects, event types and webhooks as a file has them. Shows the difference and asks first.")
        {
            file,
            prune,
            yes,
            dryRun,
        };
        command.SetAction(
            (parsed, _) =>
                runner.RunOnDatabaseAsync(
                    async (services, cancellationToken) =>
                    {
                        string path = parsed.GetValue(file)!;
                        string text = DocumentReader.ReadFile(path);
                        DeclarationService declarations = services.GetRequiredService<DeclarationService>();
                        DeclarationPlan plan = await declarations.PlanAsync(CommandRunner.Actor, text, parsed.GetValue(prune), cancellationToken);
                        return plan.Problems.Count > 0
                            ? await ChangeVerb.RefuseAsync(path, plan.Problems)
                            : await RunAsync(declarations, plan, parsed.GetValue(yes), parsed.GetValue(dryRun), cancellationToken);
                    }
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(DeclarationService declarations, DeclarationPlan plan, bool yes, bool dryRun, CancellationToken cancellationToken)
    {
        foreach (ProjectPlan project in plan.Projects)
        {
            await Console.Out.WriteLineAsync($"Project {project.Slug}:");
            foreach (string line in project.Changes.Select(c => c.Text).DefaultIfEmpty("Nothing to change.").Concat(project.Notes))
            {
                await Console.Out.WriteLineAsync("  " + line);
            }
        }

        if (plan.Changes == 0)
        {
            return 0;
        }

        if (await ChangeVerb.ConfirmAsync($"Make {(plan.Changes == 1 ? "this change" : $"these {plan.Changes} changes")}?", yes, dryRun) is { } code)
        {
            return code;
        }

        foreach (ProjectPlan project in plan.Projects.Where(p => p.Changes.Count > 0))
        {
            try
            {
                await declarations.ApplyAsync(CommandRunner.Actor, project, cancellationToken);
                await Console.Out.WriteLineAsync($"Project {project.Slug}: done.");
            }
            catch (RuleException refused)
            {
                await Console.Error.WriteLineAsync($"Project {project.Slug}: {refused.Message} Nothing was changed in this project and those after it.");
                return 1;
            }
        }

        await ChangeVerb.TellOfSecretsAsync([.. plan.Projects.SelectMany(p => p.Changes).Select(c => c.NewSecretOf).OfType<string>()]);
        return 0;
    }
}
