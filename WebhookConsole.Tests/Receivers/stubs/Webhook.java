package PACKAGE;

import PACKAGE.exceptions.WebhookVerificationException;
import java.util.List;
import java.util.Map;

// The signatures of the library's class, so that javac can read code that uses it.
public final class Webhook {
    public Webhook(final String secret) {}

    public void verify(final String payload, final Map<String, List<String>> headers) throws WebhookVerificationException {}
}
