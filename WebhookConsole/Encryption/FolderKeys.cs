using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using WebhookConsole.Data;

namespace WebhookConsole.Encryption;

/// <summary>The key ring beside the database, not in it: a stolen copy of the database reveals no secret.</summary>
internal sealed class FolderKeys : IKeyFiles
{
    private readonly DirectoryInfo _folder;
    private readonly FileSystemXmlRepository _files;

    public FolderKeys(DataDirectory directory, ILoggerFactory logs)
    {
        DataDirectory.CreatePrivate(directory.KeyRing);
        _folder = new DirectoryInfo(directory.KeyRing);
        _files = new FileSystemXmlRepository(_folder, logs);
    }

    public IReadOnlyCollection<XElement> GetAllElements() => _files.GetAllElements();

    public void StoreElement(XElement element, string friendlyName) => _files.StoreElement(element, friendlyName);

    public string Fingerprint() =>
        string.Join(
            '|',
            _folder.EnumerateFiles("*.xml").OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}")
        );

    public bool Prepare() => false;
}
