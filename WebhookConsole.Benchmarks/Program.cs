using WebhookConsole.Benchmarks;

return args switch
{
    ["throughput", .. string[] rest] => await Throughput.RunAsync(Options.Parse(rest)),
    ["receiver", string port] => await Receiver.RunAsync(int.Parse(port)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project WebhookConsole.Benchmarks -- throughput [--events N] [--seconds N]");
    return 1;
}
