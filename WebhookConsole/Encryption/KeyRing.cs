using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using WebhookConsole.Configuration;

namespace WebhookConsole.Encryption;

/// <summary>
/// The keys of Data Protection, which encrypt stored values and cookies. Data Protection reads them once a day; this reads them again as
/// soon as they have changed, so that a serving process adopts a key that the command line made, and drops one that it revoked.
/// </summary>
public sealed class KeyRing(IKeyFiles files, Func<IKeyRingProvider> open) : IKeyRingProvider
{
    private readonly Lock _gate = new();
    private IKeyRingProvider _current = open();
    private string? _seen;

    public IKeyRing GetCurrentKeyRing() => Volatile.Read(ref _current).GetCurrentKeyRing();

    /// <summary>Reads the keys again if another process, or the key manager of this one, changed them since the last time.</summary>
    /// <returns>True when they were read.</returns>
    public bool ReloadIfChanged()
    {
        lock (_gate)
        {
            string found = files.Fingerprint();
            if (found == _seen)
            {
                return false;
            }

            // We make a new ring, because the old one would answer once more while it reads the keys in the background.
            IKeyRingProvider next = open();
            next.GetCurrentKeyRing();
            Volatile.Write(ref _current, next);
            _seen = found;
            return true;
        }
    }

    /// <summary>Makes sure that the keys can be read, before anything needs them.</summary>
    /// <exception cref="SettingsException">They are encrypted with another key of the cluster.</exception>
    public void Prepare()
    {
        if (files.Prepare())
        {
            GetCurrentKeyRing();
        }
    }
}
