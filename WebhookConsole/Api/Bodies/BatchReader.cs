using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Bodies;

/// <summary>
/// Reads a JSON array of events, or one event per line (NDJSON), piece by piece as the body arrives; keeps only the compact payloads.
/// An invalid item gets its own error. The answer does not depend on how the body is split. Not safe for concurrent use.
/// </summary>
internal sealed class BatchReader
{
    private enum Form
    {
        Unknown = 0,
        Array = 1,
        Lines = 2,
    }

    private JsonReaderState _state = new(EventReader.Options);
    private TextPlace _place = TextPlace.Start;
    private Form _form;
    private bool _opened;

    /// <summary>One for each event read so far, in the order of the body.</summary>
    public List<(PostedEvent? Event, RuleException? Error)> Items { get; } = [];

    /// <summary>Reads the items that <paramref name="data"/> holds completely.</summary>
    /// <param name="data">The bytes not yet taken, followed by new ones.</param>
    /// <param name="last">True when nothing follows.</param>
    /// <returns>The number of bytes taken; the rest is the beginning of an item.</returns>
    /// <exception cref="RuleException">The whole batch is refused: the array is malformed, it is empty, or it has too many items.</exception>
    public int Take(ReadOnlySpan<byte> data, bool last)
    {
        if (_form == Form.Unknown)
        {
            int start = data.IndexOfAnyExcept(" \t\r\n"u8);
            if (start < 0)
            {
                return last ? throw RuleException.Invalid("$", "The batch is empty: send a JSON array of events, or one event per line.") : 0;
            }

            _form = data[start] == (byte)'[' ? Form.Array : Form.Lines;
        }

        return _form == Form.Array ? TakeArray(data, last) : TakeLines(data, last);
    }

    private int TakeArray(ReadOnlySpan<byte> data, bool last)
    {
        Utf8JsonReader reader = new(data, last, _state);
        try
        {
            Utf8JsonReader whole;
            do
            {
                whole = reader;
            } while (reader.Read() && TryTakeToken(ref reader, data));

            int taken = (int)whole.BytesConsumed;
            _state = whole.CurrentState;
            _place = _place.After(data[..taken]);
            return taken;
        }
        catch (JsonException exception)
        {
            throw EventReader.Malformed(exception, _place.After(data[..(int)reader.TokenStartIndex]));
        }
    }

    // The reader is on a token of the array itself. This is false when the token begins an item whose end has not arrived yet.
    private bool TryTakeToken(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (!_opened)
        {
            return _opened = true;
        }

        if (reader.CurrentDepth == 0)
        {
            // This is the end of the array; the reader itself refuses what follows it.
            return true;
        }

        DemandRoom();
        Utf8JsonReader item = reader;
        try
        {
            PostedEvent posted = EventReader.ReadObject(ref item);
            Items.Add((posted, null));
            reader = item;
            return true;
        }
        catch (RuleException exception)
        {
            // The item may be invalid only because it is cut off.
            return reader.TrySkip() && Refuse(exception);
        }
        catch (JsonException exception) when (exception.LineNumber is null)
        {
            // The error is the payload writer's: too deep, not UTF-8, or cut off. The array itself continues.
            return reader.TrySkip() && Refuse(EventReader.Malformed(exception, _place.After(data[..(int)item.TokenStartIndex])));
        }
    }

    private int TakeLines(ReadOnlySpan<byte> data, bool last)
    {
        int taken = 0;
        while (taken < data.Length)
        {
            ReadOnlySpan<byte> line = data[taken..];
            int length = line.IndexOf((byte)'\n');
            if (length < 0 && !last)
            {
                break;
            }

            line = length < 0 ? line : line[..length];
            taken += length < 0 ? line.Length : length + 1;
            TakeLine(line);
        }

        return taken;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        DemandRoom();
        try
        {
            Items.Add((EventReader.Read(line), null));
        }
        catch (RuleException exception)
        {
            Refuse(exception);
        }
    }

    private bool Refuse(RuleException exception)
    {
        Items.Add((null, exception));
        return true;
    }

    private void DemandRoom()
    {
        if (Items.Count >= EventIntake.MaxBatch)
        {
            throw new RuleException(RefusalKind.TooLarge, "payload_too_large", $"A batch has at most {EventIntake.MaxBatch:N0} events.");
        }
    }
}
