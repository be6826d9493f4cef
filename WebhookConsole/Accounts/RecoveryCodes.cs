using System.Security.Cryptography;
using System.Text;

namespace WebhookConsole.Accounts;

/// <summary>
/// Codes that each sign in once when the authenticator is lost: 80 random bits as <c>ABCD-EFGH-IJKL-MNOP</c>. Only their hashes are
/// stored; with so many bits a fast hash is enough.
/// </summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    private const int Bytes = 10;
    private const int Group = 4;

    public static IReadOnlyList<string> Make() =>
        [
            .. Enumerable
                .Range(0, Count)
                .Select(_ => string.Join('-', Totp.Base32(RandomNumberGenerator.GetBytes(Bytes)).Chunk(Group).Select(c => new string(c)))),
        ];

    /// <summary>The result is the same however the code was typed: case, spaces and dashes do not count.</summary>
    public static string HashOf(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant())));
}
