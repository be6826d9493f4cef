using Microsoft.AspNetCore.DataProtection.Repositories;
using WebhookConsole.Configuration;

namespace WebhookConsole.Encryption;

/// <summary>Where the files of the key ring are.</summary>
public interface IKeyFiles : IXmlRepository
{
    /// <summary>Changes when a file is added, changed or removed. Costs next to nothing, because it is asked for all the time.</summary>
    string Fingerprint();

    /// <summary>Is called once, before the first use.</summary>
    /// <returns>True when the first key has to be made now, because several processes would otherwise make one each.</returns>
    /// <exception cref="SettingsException">The files cannot be read with these settings.</exception>
    bool Prepare();
}
