using WebhookConsole;

await WebhookConsoleApp.RunAsync(WebhookConsoleApp.Build(args));
