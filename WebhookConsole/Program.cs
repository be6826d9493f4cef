return await WebhookConsole.CommandLine.Commands.RunAsync(args);
