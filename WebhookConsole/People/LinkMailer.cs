using System.Globalization;
using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.People;

/// <summary>Sends a one-time link by mail, where <c>Mail:Host</c> is set. The link is on screen anyway, so a failure loses nothing.</summary>
public sealed class LinkMailer(IOptions<MailOptions> options, TimeProvider clock, ILogger<LinkMailer> log)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>False where links are only shown.</summary>
    public bool IsOn => options.Value.IsOn;

    /// <param name="url">Absolute address of the link, with its code.</param>
    /// <returns>Null when the server accepted it; otherwise a sentence that says what went wrong.</returns>
    public async Task<string?> SendAsync(PersonLink link, string url, CancellationToken cancellationToken)
    {
        MailOptions mail = options.Value;
        using CancellationTokenSource patience = new(s_patience, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using SmtpClient client = new(mail.Host, mail.Port) { EnableSsl = mail.Security == MailSecurity.StartTls };
            if (mail.UserName is not null)
            {
                client.Credentials = new NetworkCredential(mail.UserName, mail.Password);
            }

            using MailMessage message = new(mail.From!, link.Email) { Subject = SubjectOf(link.Kind), Body = TextOf(link, url) };
            await client.SendMailAsync(message, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The mail server {mail.Host}:{mail.Port} did not answer within {s_patience.TotalSeconds:0} seconds.";
        }
        catch (Exception exception) when (exception is SmtpException or FormatException or InvalidOperationException)
        {
            // The inner exception names the cause; neither contains the link.
            log.LogWarning(exception, "A link could not be sent through the mail server {Host}:{Port}", mail.Host, mail.Port);
            return $"The mail server {mail.Host}:{mail.Port} did not accept the message: {(exception.InnerException ?? exception).Message}";
        }
    }

    private static string SubjectOf(LinkKind kind) => kind == LinkKind.Join ? "You are invited to WebhookConsole" : "Choose a new password for WebhookConsole";

    private static string TextOf(PersonLink link, string url)
    {
        string until = link.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return link.Kind == LinkKind.Join
            ? $"You are invited to WebhookConsole.\n\nFollow this link to choose your name and password:\n{url}\n\nIt works once, until {until}.\n"
            : $"Somebody who manages WebhookConsole made this link for you.\n\nFollow it to choose a new password:\n{url}\n\nIt works once, until {until}. Your current password keeps working until then.\n";
    }
}
