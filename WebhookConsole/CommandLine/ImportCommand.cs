using System.CommandLine;
using WebhookConsole.Declarations;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Projects;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole import FILE</c>: webhooks with their secrets from another system.</summary>
internal static class ImportCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string> file = ChangeVerb.File("JSON or YAML in one of the formats of docs/migrating.md.");
        Option<string> from = new("--from") { Description = "Where the file comes from.", DefaultValueFactory = _ => "webhookconsole" };
        from.AcceptOnlyFromAmong([.. Enum.GetNames<ImportFormat>().Select(n => n.ToLowerInvariant())]);
        Option<string> project = new("--project")
        {
            Description = "Slug of the project that gets the webhooks.",
            DefaultValueFactory = _ => Project.DefaultSlug,
        };
        Option<bool> yes = ChangeVerb.Yes();
        Option<bool> dryRun = ChangeVerb.DryRun();
        Command command = new("import", "Create webhooks with their secrets from a file: all of them or none. Shows them and asks first.")
        {
            file,
            from,
            project,
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
                        Project target = await services
                            .GetRequiredService<ProjectDirectory>()
                            .FindAsync(CommandRunner.Actor, parsed.GetValue(project)!, cancellationToken);
                        ImportService imports = services.GetRequiredService<ImportService>();
                        ImportFormat format = Enum.Parse<ImportFormat>(parsed.GetValue(from)!, ignoreCase: true);
                        ImportPlan plan = await imports.PlanAsync(CommandRunner.Actor, target.Id, text, format, cancellationToken);
                        return plan.Problems.Count > 0
                            ? await ChangeVerb.RefuseAsync(path, plan.Problems)
                            : await RunAsync(imports, target, plan, parsed.GetValue(yes), parsed.GetValue(dryRun), cancellationToken);
                    }
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(ImportService imports, Project project, ImportPlan plan, bool yes, bool dryRun, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync($"Project {project.Slug}:");
        foreach (string line in plan.Changes.Concat(plan.Notes))
        {
            await Console.Out.WriteLineAsync("  " + line);
        }

        string webhooks = plan.Webhooks.Count == 1 ? "webhook" : $"{plan.Webhooks.Count} webhooks";
        if (await ChangeVerb.ConfirmAsync($"Import {webhooks}?", yes, dryRun) is { } code)
        {
            return code;
        }

        try
        {
            await imports.ApplyAsync(CommandRunner.Actor, project.Id, plan, cancellationToken);
        }
        catch (RuleException refused)
        {
            await Console.Error.WriteLineAsync($"{refused.Message} Nothing was imported.");
            return 1;
        }

        await Console.Out.WriteLineAsync(
            $"Imported {plan.Webhooks.Count}. Their first real event shows whether a receiver accepts them; delete the file, it holds secrets."
        );
        await ChangeVerb.TellOfSecretsAsync(plan.NewSecretsOf);
        return 0;
    }
}
