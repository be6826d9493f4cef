using System.Buffers;

namespace WebhookConsole.Domain.Heads;

/// <summary>
/// A byte in a head that stands for what differs from attempt to attempt. Heads are stored with these numbers, so none may ever change. No head is made
/// of a text that contains one of these bytes.
/// </summary>
internal enum HeadPlace : byte
{
    /// <summary>The end of the head.</summary>
    None = 0,

    /// <summary>The id of the attempt.</summary>
    RequestId = 1,

    /// <summary>The id of the delivery's event.</summary>
    EventId = 2,

    /// <summary>The type of the delivery's event.</summary>
    EventType = 3,

    /// <summary>The start of the attempt in Unix seconds.</summary>
    Seconds = 4,

    /// <summary>The start of the attempt in Unix milliseconds.</summary>
    Milliseconds = 5,

    /// <summary>The start of the attempt in ISO 8601 with milliseconds.</summary>
    Iso8601 = 6,

    /// <summary>32 bytes from the row, in base64.</summary>
    Base64Hash = 7,

    /// <summary>32 bytes from the row, in lower-case hex.</summary>
    HexHash = 8,

    /// <summary>A date as HTTP writes it: the row has the seconds since the start of the attempt.</summary>
    Date = 14,

    /// <summary>The rest of the line: the row has its length and bytes.</summary>
    Text = 15,
}

internal static class HeadPlaces
{
    /// <summary>The bytes of all places that there are or may ever be: control characters that no proper head has.</summary>
    public static SearchValues<byte> Bytes { get; } = SearchValues.Create([.. Enumerable.Range(0, ' ').Except([9, 10, 13]).Select(b => (byte)b)]);
}
