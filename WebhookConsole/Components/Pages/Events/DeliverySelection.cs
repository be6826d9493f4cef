using WebhookConsole.Deliveries;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Which rows of a list are selected.</summary>
public sealed class DeliverySelection
{
    private readonly HashSet<Guid> _ids = [];
    private Guid? _anchor;

    public int Count => _ids.Count;

    public bool Contains(Guid id) => _ids.Contains(id);

    /// <summary>Selects a row, or deselects it.</summary>
    /// <param name="rows">The list, in its order.</param>
    /// <param name="id">The row.</param>
    /// <param name="range">True to do the same to every row between this one and the last that was changed.</param>
    public void Toggle(IReadOnlyList<DeliveryRow> rows, Guid id, bool range)
    {
        bool select = !_ids.Contains(id);
        int at = IndexOf(rows, id);
        int from = range && _anchor is { } anchor ? IndexOf(rows, anchor) : at;
        from = from < 0 ? at : from;
        for (int i = Math.Min(at, from); i >= 0 && i <= Math.Max(at, from); i++)
        {
            Set(rows[i].Delivery.Id, select);
        }

        _anchor = id;
    }

    /// <summary>Selects every row that is shown, or none when all of them are selected.</summary>
    public void ToggleAll(IReadOnlyList<DeliveryRow> rows)
    {
        bool select = !HasAll(rows);
        foreach (DeliveryRow row in rows)
        {
            Set(row.Delivery.Id, select);
        }
    }

    public bool HasAll(IReadOnlyList<DeliveryRow> rows) => rows.Count > 0 && rows.All(r => _ids.Contains(r.Delivery.Id));

    public void Clear()
    {
        _ids.Clear();
        _anchor = null;
    }

    /// <summary>The selected rows, in the order of the list.</summary>
    public IReadOnlyList<DeliveryRow> In(IReadOnlyList<DeliveryRow> rows) => rows.Where(r => _ids.Contains(r.Delivery.Id)).ToArray();

    private static int IndexOf(IReadOnlyList<DeliveryRow> rows, Guid id)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Delivery.Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private void Set(Guid id, bool selected)
    {
        if (selected)
        {
            _ids.Add(id);
        }
        else
        {
            _ids.Remove(id);
        }
    }
}
