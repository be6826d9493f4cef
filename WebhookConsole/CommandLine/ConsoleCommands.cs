using System.CommandLine;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.People;
using WebhookConsole.Projects;

namespace WebhookConsole.CommandLine;

/// <summary>The verbs of the command line (specification §13). Without a verb the application serves; settings go as <c>--Section:Key=value</c>.</summary>
internal static class Commands
{
    private static Actor CommandLine { get; } = Actor.System with { Name = "Command line" };

    public static Task<int> RunAsync(string[] args)
    {
        RootCommand root = new("Signs and delivers webhooks, and shows what happened.") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction(parsed => ServeAsync(parsed.UnmatchedTokens));
        root.Subcommands.Add(Users());
        Command migrate = new("migrate", "Bring the database up to date, then end.") { TreatUnmatchedTokensAsErrors = false };
        migrate.SetAction(parsed =>
            WithServicesAsync(parsed, (services, cancellationToken) => services.GetRequiredService<DatabaseStartup>().MigrateAsync(cancellationToken))
        );
        root.Subcommands.Add(migrate);
        root.Subcommands.Add(RotateEncryptionKey());
        root.Subcommands.Add(CheckUrlCommand.Create(WithServicesAsync));
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> ServeAsync(IReadOnlyList<string> settings)
    {
        try
        {
            await WebhookConsoleApp.RunAsync(WebhookConsoleApp.Build([.. settings]));
            return 0;
        }
        catch (Exception exception)
            when (exception
                    is Microsoft.Extensions.Options.OptionsValidationException
                        or InvalidOperationException
                        or IOException
                        or System.Data.Common.DbException
            )
        {
            // What is wrong with the settings, the folder, the port or the database (full, locked) needs no stack trace.
            await Console.Error.WriteLineAsync("WebhookConsole cannot start: " + exception.Message);
            return 1;
        }
    }

    private static Command Users()
    {
        Argument<string> email = new("email") { Description = "E-mail address, which is the name to sign in with." };
        Option<Role> role = new("--role") { Description = "What the person may do.", DefaultValueFactory = _ => Role.Viewer };
        Option<string> project = new("--project") { Description = "Slug of the project the person joins.", DefaultValueFactory = _ => Project.DefaultSlug };

        Command add = new("add", "Add a person. The password is read from standard input, or made and printed when that is empty.") { email, role, project };
        add.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, cancellationToken) =>
                {
                    Project found = await services.GetRequiredService<ProjectDirectory>().FindAsync(Actor.System, parsed.GetValue(project)!, cancellationToken);
                    string password = await ReadPasswordAsync();
                    Person person = await services
                        .GetRequiredService<UserService>()
                        .AddAsync(CommandLine, parsed.GetValue(email)!, password, parsed.GetValue(role), found.Id);
                    await Console.Out.WriteLineAsync($"Added {person.Email} as {person.Role} of {found.Slug}.");
                }
            )
        );

        Command reset = new("reset-password", "Give a person a new password and end their sessions.") { email };
        reset.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, _) =>
                {
                    await services.GetRequiredService<UserService>().ResetPasswordAsync(CommandLine, parsed.GetValue(email)!, await ReadPasswordAsync());
                    await Console.Out.WriteLineAsync("The password is changed.");
                }
            )
        );

        Argument<Role> newRole = new("role") { Description = "What the person may do from now on." };
        Command change = new("role", "Give a person another role. The last owner stays one.") { email, newRole };
        change.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, cancellationToken) =>
                {
                    Guid id = await services.GetRequiredService<UserService>().FindIdAsync(parsed.GetValue(email)!, cancellationToken);
                    Role wanted = parsed.GetValue(newRole);
                    await services.GetRequiredService<PeopleService>().ChangeRoleAsync(CommandLine, id, wanted);
                    await Console.Out.WriteLineAsync($"{parsed.GetValue(email)} is {wanted} now.");
                }
            )
        );

        Command twoFactorOff = new("two-factor-off", "Let a person in with the password alone, who lost the authenticator app and the recovery codes.")
        {
            email,
        };
        twoFactorOff.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, cancellationToken) =>
                {
                    Guid id = await services.GetRequiredService<UserService>().FindIdAsync(parsed.GetValue(email)!, cancellationToken);
                    await services.GetRequiredService<PeopleService>().TurnOffTwoFactorAsync(CommandLine, id);
                    await Console.Out.WriteLineAsync($"Two-factor of {parsed.GetValue(email)} is off.");
                }
            )
        );

        Command list = new("list", "List the people.");
        list.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, cancellationToken) =>
                {
                    foreach (PersonView person in await services.GetRequiredService<PeopleQueries>().ListAllAsync(CommandLine, cancellationToken))
                    {
                        await Console.Out.WriteLineAsync($"{person.Role, -8} {person.Email}");
                    }
                }
            )
        );

        Command users = new("user", "People who may sign in.") { add, reset, change, twoFactorOff, list };
        foreach (Command command in users.Subcommands)
        {
            command.TreatUnmatchedTokensAsErrors = false;
        }

        return users;
    }

    private static Command RotateEncryptionKey()
    {
        Option<bool> revokeOld = new("--revoke-old")
        {
            Description = "Revoke the older keys afterwards, if every value could be read. Everybody has to sign in again.",
        };
        Command rotate = new(
            "rotate-encryption-key",
            "Encrypt all webhook secrets, values of extra headers and authenticator keys with a new key. Runs beside a serving process."
        )
        {
            revokeOld,
        };
        rotate.TreatUnmatchedTokensAsErrors = false;
        rotate.SetAction(parsed =>
            WithServicesAsync(
                parsed,
                async (services, cancellationToken) =>
                {
                    KeyRotation done = await services
                        .GetRequiredService<EncryptionKeys>()
                        .RotateAsync(CommandLine, parsed.GetValue(revokeOld), EncryptionKeys.SettleTime, cancellationToken);
                    await Console.Out.WriteLineAsync($"New key {done.KeyId}. Values encrypted with it: {done.Encrypted}. Older keys revoked: {done.Revoked}.");
                    if (!done.IsComplete)
                    {
                        throw new InvalidOperationException(
                            $"No key can decrypt {done.Unreadable.Count} of the stored values, so no key was revoked. Restore the key ring they were written with and run this again. Otherwise rotate these secrets, type these extra headers again, and ask these people to set up two-factor again:"
                                + string.Concat(done.Unreadable.Select(name => $"\n  {name}"))
                        );
                    }
                }
            )
        );
        return rotate;
    }

    private static async Task<string> ReadPasswordAsync()
    {
        string? line = Console.IsInputRedirected ? await Console.In.ReadLineAsync() : null;
        if (!string.IsNullOrEmpty(line))
        {
            return line;
        }

        string made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(15));
        await Console.Out.WriteLineAsync("Password: " + made);
        return made;
    }

    private static Task<int> WithServicesAsync(ParseResult parsed, Func<IServiceProvider, CancellationToken, Task> work) =>
        WithServicesAsync(
            parsed,
            async (services, cancellationToken) =>
            {
                await work(services, cancellationToken);
                return 0;
            }
        );

    // Runs beside a serving process: both are on the same database, neither starts the engine here.
    private static async Task<int> WithServicesAsync(ParseResult parsed, Func<IServiceProvider, CancellationToken, Task<int>> work)
    {
        try
        {
            await using WebApplication app = WebhookConsoleApp.Build([.. parsed.UnmatchedTokens, "--Logging:LogLevel:Default=Warning"]);
            return await work(app.Services, CancellationToken.None);
        }
        catch (Exception exception)
            when (exception
                    is RuleException
                        or InvalidOperationException
                        or DbUpdateException
                        or DbException
                        or IOException
                        or Microsoft.Extensions.Options.OptionsValidationException
            )
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
