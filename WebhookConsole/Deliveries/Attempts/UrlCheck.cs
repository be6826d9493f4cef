using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Explains step by step what would happen to a delivery to a URL (<c>webhookconsole check-url</c>, specification §13): through the same URL rule,
/// guard, TLS rules and classification as a delivery. Sends no event, only one <c>OPTIONS</c>, which is safe by definition (RFC 9110 §9.2.1)
/// and, unlike HEAD, does not run what a receiver does on a GET.
/// </summary>
public sealed class UrlCheck
{
    // A renewal that fails has usually been noticed by then.
    private const int ExpiresSoonDays = 14;

    // It fits the longest URL and a sentence.
    private const int MaxTextLength = Webhook.MaxUrlLength + 500;

    private readonly TargetGuard _guard;
    private readonly TimeProvider _clock;
    private readonly TargetPolicy _policy;
    private readonly TimeSpan _timeout;
    private readonly X509ChainPolicy? _trust;

    public UrlCheck(TargetGuard guard, TimeProvider clock, IOptions<DeliveryOptions> options)
        : this(guard, clock, options, trust: null) { }

    /// <param name="trust">The authorities that certificates are checked against; null for those of the system. Tests pass their own.</param>
    internal UrlCheck(TargetGuard guard, TimeProvider clock, IOptions<DeliveryOptions> options, X509ChainPolicy? trust)
    {
        _guard = guard;
        _clock = clock;
        _policy = TargetPolicy.From(options.Value);
        _timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);
        _trust = trust;
    }

    /// <summary>Never throws because of the URL, the network or the receiver.</summary>
    public async Task<UrlReport> RunAsync(string? url, CancellationToken cancellationToken)
    {
        long started = _clock.GetTimestamp();
        Walk walk = new(this);
        if (TargetUrl.TryCreate(url, _policy, out Uri? uri, out string? error))
        {
            walk.Add(UrlFinding.Good, "URL", $"{uri.AbsoluteUri} is {uri.Scheme} to the host {uri.IdnHost}, port {uri.Port}.");
            await walk.ExchangeAsync(uri, cancellationToken);
        }
        else
        {
            walk.Add(UrlFinding.Bad, "URL", error);
        }

        return new UrlReport(walk.Steps, _clock.GetElapsedTime(started));
    }

    /// <summary>Makes one exchange and notes its result.</summary>
    private sealed class Walk(UrlCheck check)
    {
        private readonly Lock _gate = new();
        private readonly List<UrlStep> _steps = [];
        private ExchangePhase _phase = ExchangePhase.Resolving;
        private long _since;

        public IReadOnlyList<UrlStep> Steps
        {
            get
            {
                lock (_gate)
                {
                    return [.. _steps];
                }
            }
        }

        // A connection that is still being opened when time is up may have a finding to report.
        public void Add(UrlFinding finding, string name, string text)
        {
            lock (_gate)
            {
                _steps.Add(new UrlStep(finding, name, OutsideText.Printable(text, MaxTextLength)));
            }
        }

        public async Task ExchangeAsync(Uri uri, CancellationToken cancellationToken)
        {
            SslClientAuthenticationOptions tls = TargetTls.OptionsFor(check._trust);
            tls.RemoteCertificateValidationCallback = CheckCertificate;
            using HttpMessageInvoker http = new(TargetHttp.CreateHandler(ConnectAsync, OnConnected, tls));
            using HttpRequestMessage request = new(HttpMethod.Options, uri)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            request.Headers.TryAddWithoutValidation("User-Agent", WebhookSender.UserAgent);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(check._timeout);
            try
            {
                using HttpResponseMessage response = await http.SendAsync(request, limit.Token);
                Say(response);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Fail(OutcomeClassifier.OfTimeout(_phase, check._timeout));
            }
            // Whatever a receiver provokes is a finding.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Fail(OutcomeClassifier.OfException(exception, _phase));
            }
        }

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            Begin(ExchangePhase.Resolving);
            TargetConnection connection = await check._guard.ConnectAsync(
                context.DnsEndPoint.Host,
                context.DnsEndPoint.Port,
                cancellationToken,
                resolved: Judged
            );
            Add(UrlFinding.Good, "Connect", $"Connected to {connection.RemoteEndPoint} in {Elapsed}.");
            Begin(ExchangePhase.TlsHandshake);
            return connection.Stream;
        }

        private void Judged(IReadOnlyList<AddressVerdict> verdicts)
        {
            foreach ((IPAddress address, AddressRefusal? refusal) in verdicts)
            {
                Add(
                    refusal is null ? UrlFinding.Good : UrlFinding.Bad,
                    "Address",
                    refusal is null ? $"{address} may be connected to (found in {Elapsed})." : refusal.Sentence
                );
            }

            if (verdicts.Count > 1 && verdicts.Any(v => v.Refusal is not null))
            {
                Add(UrlFinding.Note, "Address", "One forbidden address is enough to refuse the host: which of them is used is up to whoever runs its DNS.");
            }

            Begin(ExchangePhase.Connecting);
        }

        private bool CheckCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is X509Certificate2 own)
            {
                int days = (int)(own.NotAfter.ToUniversalTime() - check._clock.GetUtcNow().UtcDateTime).TotalDays;
                Add(
                    days < ExpiresSoonDays ? UrlFinding.Note : UrlFinding.Good,
                    "Certificate",
                    $"{own.Subject}, for {NamesOf(own)}, issued by {own.Issuer}, valid from {Date(own.NotBefore)} to {Date(own.NotAfter)} ({days} days left)."
                );
            }

            return TargetTls.Check(sender, certificate, chain, errors);
        }

        private ValueTask<Stream> OnConnected(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
        {
            if (context.PlaintextStream is SslStream tls)
            {
                string protocol = tls.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
                string http = tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2 ? "HTTP/2" : "HTTP/1.1";
                Add(UrlFinding.Good, "TLS", $"{protocol}, {tls.NegotiatedCipherSuite}, {http}; the certificate was accepted, all in {Elapsed}.");
            }
            else
            {
                Add(UrlFinding.Note, "TLS", "None: http sends payloads unencrypted.");
            }

            Begin(ExchangePhase.WaitingForResponse);
            return ValueTask.FromResult(context.PlaintextStream);
        }

        private void Say(HttpResponseMessage response)
        {
            int status = (int)response.StatusCode;
            string text = $"The endpoint answered {status} to OPTIONS in {Elapsed}.";
            bool takesPost = response.Content.Headers.Allow.Contains(HttpMethod.Post.Method, StringComparer.OrdinalIgnoreCase);
            (UrlFinding finding, string meaning) = status switch
            {
                _ when takesPost => (UrlFinding.Good, "It says that it accepts POST."),
                >= 200 and < 300 => (UrlFinding.Good, "Only a real event can show whether it accepts events: use Test in the console."),
                >= 300 and < 400 => (UrlFinding.Note, "Redirects are not followed; if POST is redirected too, put the final address into the URL."),
                (>= 400 and < 500) or 501 => (UrlFinding.Note, "That is common for OPTIONS and says little about POST: use Test in the console."),
                _ => (UrlFinding.Note, "If it answers events like this too, they will be retried. Look in the receiver's log."),
            };
            Add(finding, "HTTP", $"{text} {meaning}");
        }

        private void Fail(AttemptFailure failure)
        {
            // Every address has a verdict by now.
            if (failure.Kind.ClassOf() != FailureClass.BlockedAddress)
            {
                FailureText text = FailureTexts.For(failure.Kind, null, failure.Detail);
                Add(UrlFinding.Bad, StepOf(_phase), $"{text.Diagnosis} {failure.Detail?.TrimEnd('.')}. {text.Remedy}");
            }
        }

        private static string StepOf(ExchangePhase phase) =>
            phase switch
            {
                ExchangePhase.Resolving => "Address",
                ExchangePhase.Connecting => "Connect",
                ExchangePhase.TlsHandshake => "TLS",
                _ => "HTTP",
            };

        private void Begin(ExchangePhase phase) => (_phase, _since) = (phase, check._clock.GetTimestamp());

        private string Elapsed => string.Create(CultureInfo.InvariantCulture, $"{check._clock.GetElapsedTime(_since).TotalMilliseconds:0} ms");

        private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        private static string NamesOf(X509Certificate2 certificate)
        {
            string[] names =
            [
                .. certificate
                    .Extensions.OfType<X509SubjectAlternativeNameExtension>()
                    .SelectMany(n => n.EnumerateDnsNames().Concat(n.EnumerateIPAddresses().Select(a => a.ToString())))
                    .Take(10),
            ];
            return names.Length == 0 ? "no name" : string.Join(", ", names);
        }
    }
}
