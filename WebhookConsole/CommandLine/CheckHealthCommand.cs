using System.CommandLine;
using System.Net;
using WebhookConsole.Configuration;

namespace WebhookConsole.CommandLine;

/// <summary>
/// <c>webhookconsole check-health</c>: asks the server with these settings on this machine whether it is ready. For containers, whose base
/// has neither a shell nor curl.
/// </summary>
internal static class CheckHealthCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Create(CommandRunner runner)
    {
        Command command = new("check-health", "Ask the server on this machine whether it is ready. Changes nothing.");
        command.SetAction((_, cancellationToken) => RunAsync(runner.CheckSettings().Configuration, cancellationToken));
        return command;
    }

    /// <summary>Where a server with these settings answers this machine.</summary>
    /// <exception cref="FormatException">The address is none, or is a Unix socket.</exception>
    internal static Uri AddressOf(IConfiguration configuration)
    {
        // As in Kestrel, its own endpoints take the place of Urls.
        string? endpoint = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(u => u is not null);
        string? url = endpoint ?? configuration["Urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        BindingAddress address = BindingAddress.Parse(url ?? "");
        if (address.IsUnixPipe)
        {
            throw new FormatException("A Unix socket cannot be asked.");
        }

        string host =
            !IPAddress.TryParse(address.Host, out IPAddress? ip) ? (address.Host is "*" or "+" ? "127.0.0.1" : address.Host)
            : ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? "127.0.0.1"
            : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}/health/ready");
    }

    /// <summary>A name that the server answers to; null when any will do.</summary>
    internal static string? HostOf(IConfiguration configuration) =>
        configuration["AllowedHosts"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] && first != "*"
            ? first.Replace("*.", "health.", StringComparison.Ordinal)
            : null;

    private static async Task<int> RunAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        Uri address;
        try
        {
            address = AddressOf(configuration);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(
                $"The address of the server cannot be asked; give one such as --Urls=http://127.0.0.1:5080. ({exception.Message})"
            );
            return 1;
        }

        // The address is our own, so its certificate is for the name that browsers use, not for this one.
        using SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using HttpClient client = new(handler) { Timeout = s_patience };
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Host = HostOf(configuration);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            await Console.Out.WriteLineAsync($"{text} ({(int)response.StatusCode})");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"No server answers at {address}: {exception.Message}");
            return 1;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The server at {address} has not answered for {s_patience.TotalSeconds:0} s.");
            return 1;
        }
    }
}
