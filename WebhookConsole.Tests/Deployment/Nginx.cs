using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deployment;

/// <summary>An nginx of this machine with one site, on ports of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string AccessLog = "access.log";

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _errors = new();

    private Nginx(string folder)
    {
        _folder = folder;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(RequiredTool.Nginx.File, ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr"])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(e.Data);
            }
        };
    }

    public int HttpPort { get; } = Ports.Free();

    public int HttpsPort { get; } = Ports.Free();

    /// <summary>A line for each request: the address of each node that it was sent to, the status, method and path.</summary>
    public IReadOnlyList<string> Requests => File.ReadAllLines(Path.Combine(_folder, AccessLog));

    /// <param name="site">As in <c>/etc/nginx/conf.d</c>; only its addresses and ports are replaced.</param>
    /// <param name="servers">The servers behind it, by the addresses that they have in <paramref name="site"/>.</param>
    /// <param name="certificate">With its key.</param>
    public static async Task<Nginx> StartAsync(string site, IReadOnlyDictionary<string, Uri> servers, X509Certificate2 certificate)
    {
        Nginx nginx = new(Directory.CreateTempSubdirectory("webhookconsole-nginx-").FullName);
        nginx.Write(site, servers, certificate);
        nginx._process.Start();
        nginx._process.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(nginx.AnswersAsync, nginx.Errors);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(string site, IReadOnlyDictionary<string, Uri> servers, X509Certificate2 certificate)
    {
        foreach ((string address, Uri server) in servers)
        {
            site = Replace(site, address, server.Authority);
        }

        string keys = Directory.CreateDirectory(Path.Combine(_folder, "webhookconsole")).FullName;
        File.WriteAllText(Path.Combine(keys, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(keys, "privkey.pem"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "site.conf"), Replace(Replace(site, "80", HttpPort), "443", HttpsPort));
        File.WriteAllText(
            Path.Combine(_folder, "nginx.conf"),
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            pid nginx.pid;
            events {}
            http {
                log_format nodes '$upstream_addr|$status|$request_method|$uri';
                access_log {{AccessLog}} nodes;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                include site.conf;
            }
            """
        );
    }

    private static string Replace(string site, string from, string to)
    {
        Assert.Contains(from, site, StringComparison.Ordinal);
        return site.Replace(from, to, StringComparison.Ordinal);
    }

    private static string Replace(string site, string port, int by)
    {
        string replaced = Regex.Replace(site, $@"(?<=listen (\[::\]:)?){port}\b", $"{by}", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.NotEqual(site, replaced);
        return replaced;
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process.HasExited, Errors());
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, HttpsPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString();
        }
    }
}
