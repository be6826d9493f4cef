// The signatures of both libraries' classes, so that the compiler can read code that uses one of them.
namespace StandardWebhooks
{
    public sealed class Webhook(string key)
    {
        public string Key { get; } = key;

        public void Verify(string payload, System.Net.WebHeaderCollection headers) => System.ArgumentNullException.ThrowIfNull(payload);
    }
}

namespace StandardWebhooks.Exceptions
{
    public class WebhookVerificationException : System.Exception;
}

namespace Svix
{
    public sealed class Webhook(string key)
    {
        public string Key { get; } = key;

        public void Verify(System.ReadOnlySpan<char> payload, System.Net.WebHeaderCollection headers) => System.ArgumentNullException.ThrowIfNull(headers);
    }
}

namespace Svix.Exceptions
{
    public class WebhookVerificationException : System.Exception;
}
