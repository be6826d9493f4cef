using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Encryption;

/// <summary>
/// The key ring that the nodes of a cluster share: in the database, each file encrypted (AES-256-GCM) with <c>Cluster:Key</c>, which is not in
/// the database. A stolen copy of the database reveals no secret.
/// </summary>
internal sealed class ClusterKeys : IKeyFiles, IDisposable
{
    private const string SelectAll = "SELECT name, content FROM cluster_keys ORDER BY name";
    private const string Count = "SELECT COUNT(*) FROM cluster_keys";
    private const string Insert = "INSERT INTO cluster_keys (name, content) VALUES (@p0, @p1) ON CONFLICT DO NOTHING";

    private readonly StoreDialect _dialect;
    private readonly DataDirectory _directory;
    private readonly AesGcm _cipher;

    public ClusterKeys(StoreDialect dialect, DataDirectory directory, IOptions<ClusterOptions> options)
    {
        _dialect = dialect;
        _directory = directory;
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.Key!), 32, info: "WebhookConsole key ring"u8.ToArray());
        _cipher = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
        CryptographicOperations.ZeroMemory(key);
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        List<XElement> elements = [];
        using StoreSession session = _dialect.OpenPromptSession();
        using IStoreRows rows = session.Query(SelectAll);
        while (rows.Read())
        {
            elements.Add(XElement.Parse(Decrypt(rows.Text(0), rows.Bytes(1))));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using StoreSession session = _dialect.OpenPromptSession();
        session.Execute(Insert, friendlyName, Encrypt(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
    }

    // Files are only ever added: a revocation is one more.
    public string Fingerprint()
    {
        using StoreSession session = _dialect.OpenPromptSession();
        return session.Number(Count)!.Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The first node of a cluster brings the keys that it had when it was alone, because the stored secrets were encrypted with them.</summary>
    public bool Prepare()
    {
        try
        {
            GetAllElements();
            Import();
        }
        catch (CryptographicException exception)
        {
            throw new SettingsException([exception.Message]);
        }

        return true;
    }

    public void Dispose() => _cipher.Dispose();

    private void Import()
    {
        if (!Directory.Exists(_directory.KeyRing))
        {
            return;
        }

        // All or none, and each once, so that an interrupted start is made up for by the next one.
        using StoreSession session = _dialect.OpenPromptSession();
        session.Execute(_dialect.BeginWrite);
        foreach (string file in Directory.EnumerateFiles(_directory.KeyRing, "*.xml"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            session.Execute(Insert, name, Encrypt(name, XElement.Load(file).ToString(SaveOptions.DisableFormatting)));
        }

        session.Execute("COMMIT");
    }

    // Nonce, tag, then the text; the name is authenticated with it.
    private byte[] Encrypt(string name, string text)
    {
        byte[] clear = Encoding.UTF8.GetBytes(text);
        byte[] content = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + clear.Length];
        (Memory<byte> nonce, Memory<byte> tag, Memory<byte> cipher) = Parts(content);
        RandomNumberGenerator.Fill(nonce.Span);
        _cipher.Encrypt(nonce.Span, clear, cipher.Span, tag.Span, Encoding.UTF8.GetBytes(name));
        CryptographicOperations.ZeroMemory(clear);
        return content;
    }

    private string Decrypt(string name, byte[] content)
    {
        try
        {
            (Memory<byte> nonce, Memory<byte> tag, Memory<byte> cipher) = Parts(content);
            byte[] clear = new byte[cipher.Length];
            _cipher.Decrypt(nonce.Span, cipher.Span, tag.Span, clear, Encoding.UTF8.GetBytes(name));
            return Encoding.UTF8.GetString(clear);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentOutOfRangeException)
        {
            throw new CryptographicException(
                "The key ring in the database cannot be decrypted: Cluster:Key is not the key that the other nodes have, or the rows are damaged. Give this node the same key.",
                exception
            );
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] content)
    {
        int nonce = AesGcm.NonceByteSizes.MaxSize;
        int head = nonce + AesGcm.TagByteSizes.MaxSize;
        return (content.AsMemory(0, nonce), content.AsMemory(nonce, head - nonce), content.AsMemory(head));
    }
}
