using System.CommandLine;
using WebhookConsole.Declarations;
using WebhookConsole.Domain;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole export [FILE]</c>: the set-up as a file for 'apply'.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string?> file = new("file") { Description = "The file to write; without it, standard output.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> project = new("--project") { Description = "Slug of the only project to write; without it, all.", HelpName = "slug" };
        Option<bool> force = new("--force") { Description = "Replace the file if it exists." };
        Command command = new("export", "Write projects, event types and webhooks as YAML, without secrets. 'apply' reads it.") { file, project, force };
        command.SetAction(
            (parsed, _) =>
                runner.RunOnDatabaseAsync(
                    async (services, cancellationToken) =>
                    {
                        string text = await services
                            .GetRequiredService<DeclarationService>()
                            .ExportAsync(CommandRunner.Actor, parsed.GetValue(project), cancellationToken);
                        if (parsed.GetValue(file) is not { } path)
                        {
                            await Console.Out.WriteAsync(text);
                            return 0;
                        }

                        await WriteAsync(path, text, parsed.GetValue(force), cancellationToken);
                        await Console.Out.WriteLineAsync($"Wrote {path}.");
                        return 0;
                    }
                )
        );
        return command;
    }

    private static async Task WriteAsync(string path, string text, bool force, CancellationToken cancellationToken)
    {
        if (!force && Path.Exists(path))
        {
            throw RuleException.Conflict("file_exists", $"'{path}' exists already. Give --force to replace it.");
        }

        string partial = $"{path}.{Path.GetRandomFileName()}.partial";
        try
        {
            await File.WriteAllTextAsync(partial, text, cancellationToken);
            File.Move(partial, path, overwrite: force);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
