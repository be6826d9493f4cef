return await WebhookConsole.CommandLine.ConsoleCommands.RunAsync(args);
