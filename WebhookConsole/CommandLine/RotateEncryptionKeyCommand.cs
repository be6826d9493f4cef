using System.CommandLine;
using WebhookConsole.Encryption;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole rotate-encryption-key</c>: encrypts everything again with a new key.</summary>
internal static class RotateEncryptionKeyCommand
{
    public static Command Create(CommandRunner runner)
    {
        Option<bool> revokeOld = new("--revoke-old")
        {
            Description = "Revoke the older keys afterwards if every value could be read. Everybody has to sign in again.",
        };
        Command command = new(
            "rotate-encryption-key",
            "Encrypt all webhook secrets, values of extra headers and authenticator keys with a new key. Can run while the server is running."
        )
        {
            revokeOld,
        };
        command.SetAction(
            (parsed, _) =>
                runner.RunOnDatabaseAsync(
                    async (services, cancellationToken) =>
                    {
                        KeyRotation done = await services
                            .GetRequiredService<EncryptionKeys>()
                            .RotateAsync(CommandRunner.Actor, parsed.GetValue(revokeOld), EncryptionKeys.SettleTime, cancellationToken);
                        await Console.Out.WriteLineAsync(
                            $"New key {done.KeyId}. Values encrypted with it: {done.Encrypted}. Older keys revoked: {done.Revoked}."
                        );
                        if (!done.IsComplete)
                        {
                            await Console.Error.WriteLineAsync(Unreadable(done));
                        }

                        return done.IsComplete ? 0 : 1;
                    }
                )
        );
        return command;
    }

    private static string Unreadable(KeyRotation done) =>
        $"""
            No key can decrypt {done.Unreadable.Count} of the stored values, so no key was revoked. Restore the key ring that they were written with and run this again.
            Otherwise rotate these secrets, type these extra headers again, and ask these people to set up two-factor again:
              {string.Join("\n  ", done.Unreadable)}
            """;
}
