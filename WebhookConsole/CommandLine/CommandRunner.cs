using System.Runtime.InteropServices;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.CommandLine;

/// <summary>What the verbs have in common: the application with the settings of the command line, without its pages and its engine.</summary>
/// <param name="settings">Each as <c>--Key=value</c>.</param>
internal sealed class CommandRunner(IReadOnlyList<string> settings)
{
    // A verb prints its own result, and errors that EF logs are thrown as well.
    private static readonly string[] s_quiet = ["--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.EntityFrameworkCore=None"];

    /// <summary>Who acts, in the audit log.</summary>
    public static Actor Actor { get; } = Actor.System with { Name = "Command line" };

    /// <summary>Serves until the process is told to stop.</summary>
    public async Task<int> ServeAsync()
    {
        await using WebApplication app = WebhookConsoleApp.Build([.. settings]);
        await WebhookConsoleApp.RunAsync(app);
        return 0;
    }

    /// <summary>Checks the settings as at startup, and nothing else.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public WebApplicationBuilder CheckSettings()
    {
        WebApplicationBuilder builder = WebhookConsoleApp.CreateBuilder([.. settings, .. s_quiet]);
        SettingsCheck.Demand(builder.Configuration);
        return builder;
    }

    /// <summary>Runs work that needs no database, or does not want it prepared.</summary>
    /// <returns>The exit code of the work.</returns>
    public async Task<int> RunAsync(Func<IServiceProvider, CancellationToken, Task<int>> work)
    {
        await using WebApplication app = CheckSettings().Build();
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await work(app.Services, stop.Token);

        // The work removes what is not complete, then ends.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>
    /// Runs work on the database beside a running server. If no server has run yet, or none of this version, the database is
    /// prepared first, as at startup.
    /// </summary>
    /// <returns>The exit code of the work.</returns>
    public async Task<int> RunOnDatabaseAsync(Func<IServiceProvider, CancellationToken, Task<int>> work)
    {
        await using WebApplication app = CheckSettings().Build();
        app.Services.GetRequiredService<DataDirectory>().DemandNotMoved();
        if (app.Services.GetRequiredService<DatabaseStartup>().IsBehind())
        {
            await WebhookConsoleApp.PrepareAsync(app, serves: false);
        }

        return await work(app.Services, CancellationToken.None);
    }
}
