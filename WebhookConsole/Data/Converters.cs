using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>Times are stored as milliseconds since 1970 UTC.</summary>
public sealed class UnixMillisecondsConverter()
    : ValueConverter<DateTimeOffset, long>(t => t.ToUnixTimeMilliseconds(), v => DateTimeOffset.FromUnixTimeMilliseconds(v));

/// <summary>Ids are stored as 16 bytes in network order on SQLite.</summary>
public sealed class GuidBytesConverter() : ValueConverter<Guid, byte[]>(g => g.ToByteArray(true), b => new Guid(b, true));

public sealed class EventFilterConverter() : ValueConverter<EventFilter, string>(f => f.ToString(), t => EventFilter.Parse(t));

public sealed class RetryScheduleConverter() : ValueConverter<RetrySchedule, string>(s => s.Text, t => RetrySchedule.Parse(t));

public sealed class AnswerSequenceConverter() : ValueConverter<AnswerSequence, string>(s => s.ToString(), t => AnswerSequence.Parse(t));

/// <summary>
/// The names and hints of extra headers are stored as JSON. In a row that was changed by hand, text that is not such JSON becomes one
/// hint that says so: pages and the engine must still be able to read the webhook and the others in its project.
/// </summary>
public sealed class HeadersConverter()
    : ValueConverter<IReadOnlyList<HeaderHint>, string>(h => JsonSerializer.Serialize(h, JsonSerializerOptions.Default), t => Read(t))
{
    private static readonly HeaderHint[] s_damaged = [new("(damaged)", "…")];

    internal static HeaderHint[] Read(string text)
    {
        try
        {
            HeaderHint[]? headers = JsonSerializer.Deserialize<HeaderHint[]>(text, JsonSerializerOptions.Default);
            return headers is not null && headers.All(h => h is { Name: not null, Hint: not null }) ? headers : s_damaged;
        }
        catch (JsonException)
        {
            return s_damaged;
        }
    }

    /// <summary>Lets EF see that replacing a list with the same headers is not a change.</summary>
    public static ValueComparer<IReadOnlyList<HeaderHint>> Comparer { get; } =
        new((a, b) => Same(a, b), h => h.Aggregate(0, (hash, f) => HashCode.Combine(hash, f)), h => h.ToArray());

    internal static bool Same(IReadOnlyList<HeaderHint>? a, IReadOnlyList<HeaderHint>? b) => (a ?? []).SequenceEqual(b ?? []);
}

internal static class SnakeCase
{
    public static string Of(string name)
    {
        StringBuilder text = new(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            bool boundary = i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(boundary ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
