using System.Data.Common;
using System.Net.Sockets;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.CommandLine;

/// <summary>Describes expected failures (settings, rules, folder, disk, port, database) in a sentence.</summary>
internal static class FailureSentence
{
    /// <summary>Null for an unexpected failure, which needs its stack trace.</summary>
    public static string? Of(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SettingsException or RuleException:
                    return cause.Message;
                case OperationCanceledException:
                    return "Stopped before it was complete. What had been begun was undone.";
                case DbException database:
                    return StorageFailure.Describe(database);
                case IOException file when StorageFailure.IsDiskFull(file):
                    return $"The disk is full; make room and try again. ({cause.Message})";
                case IOException or UnauthorizedAccessException or SocketException:
                    return cause.Message;
                default:
                    break;
            }
        }

        return null;
    }
}
