package PACKAGE.exceptions;

public class WebhookVerificationException extends Exception {
    private static final long serialVersionUID = 1L;
}
