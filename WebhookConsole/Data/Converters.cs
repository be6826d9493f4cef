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

/// <summary>
/// Extra headers are stored as JSON. Text that is none, in a row changed by hand, becomes a header that cannot be sent: the webhook must
/// not go on without them, and must not take the others of its project down either.
/// </summary>
public sealed class HeadersConverter()
    : ValueConverter<IReadOnlyList<HeaderField>, string>(h => JsonSerializer.Serialize(h, JsonSerializerOptions.Default), t => Read(t))
{
    private static HeaderField[] Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HeaderField[]>(text, JsonSerializerOptions.Default) ?? [];
        }
        catch (JsonException)
        {
            return [new HeaderField("(damaged)", "")];
        }
    }

    /// <summary>Lets EF see that a replaced list with the same headers is no change.</summary>
    public static ValueComparer<IReadOnlyList<HeaderField>> Comparer { get; } =
        new(
            (a, b) => (a ?? Array.Empty<HeaderField>()).SequenceEqual(b ?? Array.Empty<HeaderField>()),
            h => h.Aggregate(0, (hash, f) => HashCode.Combine(hash, f)),
            h => h.ToArray()
        );
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
