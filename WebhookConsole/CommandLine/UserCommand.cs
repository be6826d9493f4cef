using System.CommandLine;
using System.Security.Cryptography;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole user …</c>: the people who may sign in.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> s_email = new("email") { Description = "E-mail address that the person signs in with." };

    public static Command Create(CommandRunner runner) =>
        new("user", "Manage the people who may sign in.") { Add(runner), ResetPassword(runner), ChangeRole(runner), TurnOffTwoFactor(runner), List(runner) };

    private static Command Add(CommandRunner runner)
    {
        Option<Role> role = new("--role") { Description = "What the person may do.", DefaultValueFactory = _ => Role.Viewer };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        Option<string> project = new("--project")
        {
            Description = "Slug of the project that the person joins.",
            DefaultValueFactory = _ => Project.DefaultSlug,
        };
        Command command = new("add", "Add a person. The password is read from standard input; if that is empty, one is made and printed.")
        {
            s_email,
            role,
            project,
        };
        return Print(
            command,
            runner,
            async (parsed, services, cancellationToken) =>
            {
                Project found = await services
                    .GetRequiredService<ProjectDirectory>()
                    .FindAsync(CommandRunner.Actor, parsed.GetValue(project)!, cancellationToken);
                (string password, string? made) = await ReadPasswordAsync();
                Person person = await services
                    .GetRequiredService<UserService>()
                    .AddAsync(CommandRunner.Actor, parsed.GetValue(s_email)!, password, parsed.GetValue(role), found.Id);
                return $"{made}Added {person.Email} as {person.Role} of {found.Slug}.";
            }
        );
    }

    private static Command ResetPassword(CommandRunner runner) =>
        Print(
            new Command("reset-password", "Give a person a new password and end their sessions. The password is read as for 'add'.") { s_email },
            runner,
            async (parsed, services, _) =>
            {
                (string password, string? made) = await ReadPasswordAsync();
                await services.GetRequiredService<UserService>().ResetPasswordAsync(CommandRunner.Actor, parsed.GetValue(s_email)!, password);
                return $"{made}The password was changed.";
            }
        );

    private static Command ChangeRole(CommandRunner runner)
    {
        Argument<Role> role = new("role") { Description = "What the person may do from now on." };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        return Print(
            new Command("role", "Give a person another role. The last owner stays an owner.") { s_email, role },
            runner,
            async (parsed, services, cancellationToken) =>
            {
                Guid id = await services.GetRequiredService<UserService>().FindIdAsync(parsed.GetValue(s_email)!, cancellationToken);
                await services.GetRequiredService<PeopleService>().ChangeRoleAsync(CommandRunner.Actor, id, parsed.GetValue(role));
                return $"{parsed.GetValue(s_email)} is now {parsed.GetValue(role)}.";
            }
        );
    }

    private static Command TurnOffTwoFactor(CommandRunner runner) =>
        Print(
            new Command("two-factor-off", "Let a person who has lost the authenticator app and the recovery codes sign in with the password alone.")
            {
                s_email,
            },
            runner,
            async (parsed, services, cancellationToken) =>
            {
                Guid id = await services.GetRequiredService<UserService>().FindIdAsync(parsed.GetValue(s_email)!, cancellationToken);
                await services.GetRequiredService<PeopleService>().TurnOffTwoFactorAsync(CommandRunner.Actor, id);
                return $"Two-factor sign-in is off for {parsed.GetValue(s_email)}.";
            }
        );

    private static Command List(CommandRunner runner) =>
        Print(
            new Command("list", "List the people with their roles."),
            runner,
            async (_, services, cancellationToken) =>
                string.Join(
                    '\n',
                    (await services.GetRequiredService<PeopleQueries>().ListAllAsync(CommandRunner.Actor, cancellationToken)).Select(p =>
                        $"{p.Role, -8} {p.Email}"
                    )
                )
        );

    // Runs the work and prints the text that it returns.
    private static Command Print(Command command, CommandRunner runner, Func<ParseResult, IServiceProvider, CancellationToken, Task<string>> work)
    {
        command.SetAction(
            (parsed, _) =>
                runner.RunOnDatabaseAsync(
                    async (services, cancellationToken) =>
                    {
                        await Console.Out.WriteLineAsync(await work(parsed, services, cancellationToken));
                        return 0;
                    }
                )
        );
        return command;
    }

    // A generated password has to be shown, but only once it is in force.
    private static async Task<(string Password, string? Made)> ReadPasswordAsync()
    {
        string? line = Console.IsInputRedirected ? await Console.In.ReadLineAsync() : null;
        if (!string.IsNullOrEmpty(line))
        {
            return (line, null);
        }

        string made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(15));
        return (made, $"Password: {made}\n");
    }
}
