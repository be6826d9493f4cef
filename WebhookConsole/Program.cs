return await WebhookConsole.Commands.RunAsync(args);
