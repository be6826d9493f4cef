using System.Collections.Concurrent;
using WebhookConsole.Cluster;
using WebhookConsole.Domain;

namespace WebhookConsole.Tokens;

/// <summary>API tokens in memory, by their hash: every request looks up its token, and the rows are few and rarely change. Safe for use by many threads.</summary>
public sealed class TokenCache
{
    private const string RevokedTopic = "token-revoked";
    private const string ProjectTopic = "project-tokens-revoked";

    // A revocation by the command line, or one whose message from another node was lost, is seen after this time.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (ApiToken Token, DateTimeOffset ReadAt)> _byHash = new(StringComparer.Ordinal);
    private readonly NodeMessages _messages;
    private readonly TimeProvider _clock;

    public TokenCache(NodeMessages messages, TimeProvider clock)
    {
        _messages = messages;
        _clock = clock;
        messages.On(RevokedTopic, key => NoteRevoked(t => KeyOf(t) == key));
        messages.On(ProjectTopic, project => NoteRevoked(t => t.ProjectId.ToString() == project));
        messages.Missed += ReadAgain;
    }

    /// <param name="token">Null when it is unknown.</param>
    /// <returns>False when the row has to be read (again).</returns>
    public bool TryFind(byte[] hash, out ApiToken? token)
    {
        bool known = _byHash.TryGetValue(Convert.ToHexStringLower(hash), out (ApiToken Token, DateTimeOffset ReadAt) kept);
        token = kept.Token;
        return known && _clock.GetUtcNow() - kept.ReadAt < s_fresh;
    }

    /// <summary>Keeps a row as it was read. A revocation may have come in the meantime: a revoked token stays revoked.</summary>
    /// <returns>The token as it is now.</returns>
    public ApiToken Keep(ApiToken token)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return _byHash
            .AddOrUpdate(KeyOf(token), (token, now), (_, last) => last.Token.RevokedAt is null || token.RevokedAt is not null ? (token, now) : last)
            .Token;
    }

    /// <summary>There is no such token any more.</summary>
    public void Forget(byte[] hash) => _byHash.TryRemove(Convert.ToHexStringLower(hash), out _);

    /// <summary>Applies a revocation that is committed, and tells the other nodes.</summary>
    public void Revoked(ApiToken token)
    {
        Keep(token);
        _messages.Send(RevokedTopic, KeyOf(token));
    }

    /// <summary>Applies the revocation of all tokens of a project, and tells the other nodes.</summary>
    public void Revoked(Guid projectId)
    {
        NoteRevoked(t => t.ProjectId == projectId);
        _messages.Send(ProjectTopic, projectId.ToString());
    }

    private static string KeyOf(ApiToken token) => Convert.ToHexStringLower(token.Hash);

    private void NoteRevoked(Func<ApiToken, bool> matches)
    {
        foreach (ApiToken token in _byHash.Values.Select(t => t.Token).Where(matches))
        {
            token.RevokedAt ??= _clock.GetUtcNow();
        }
    }

    // The tokens stay known, so that a valid one never counts as a guess.
    private void ReadAgain()
    {
        foreach ((string key, (ApiToken Token, DateTimeOffset ReadAt) kept) in _byHash)
        {
            _byHash.TryUpdate(key, (kept.Token, DateTimeOffset.MinValue), kept);
        }
    }
}
