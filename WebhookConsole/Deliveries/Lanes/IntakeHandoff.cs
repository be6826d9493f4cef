using WebhookConsole.Data.Store;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Brings the deliveries of one request into the running lanes: it claims them before the commit and hands them over after it. A lane that
/// cannot take one, or is not running, is woken and finds it in the database.
/// </summary>
internal sealed class IntakeHandoff
{
    private readonly LaneRegistry _lanes;
    private readonly Dictionary<Guid, Part> _parts = [];

    /// <param name="lanes">Knows the running lanes.</param>
    /// <param name="events">Events about to be committed.</param>
    public IntakeHandoff(LaneRegistry lanes, NewEvent[] events)
    {
        _lanes = lanes;
        for (int i = 0; i < events.Length; i++)
        {
            foreach (NewDelivery delivery in events[i].Deliveries)
            {
                if (delivery.HeldReason is null)
                {
                    PartOf(delivery.WebhookId).Claim(i, delivery, events[i]);
                }
            }
        }
    }

    /// <summary>Nothing was committed.</summary>
    public void Abandon()
    {
        foreach (Part part in _parts.Values)
        {
            part.Mailbox?.Abandon(part.Claimed);
        }
    }

    /// <param name="stored">One answer per event, in the order of the events.</param>
    public void Complete(StoredEvent[] stored)
    {
        bool duplicates = Array.Exists(stored, s => s.Duplicate);
        foreach ((Guid webhookId, Part part) in _parts)
        {
            if (duplicates)
            {
                part.AbandonDuplicates(stored);
            }

            if (part.Mailbox?.Deliver(part.Claimed) != true || part.Refused)
            {
                _ = _lanes.WakeAsync(webhookId);
            }
        }
    }

    private Part PartOf(Guid webhookId)
    {
        if (!_parts.TryGetValue(webhookId, out Part? part))
        {
            _parts.Add(webhookId, part = new Part(_lanes.Find(webhookId)));
        }

        return part;
    }

    private sealed class Part(LaneMailbox? mailbox)
    {
        // Index of the event of each claimed delivery.
        private readonly List<int> _events = [];

        public LaneMailbox? Mailbox { get; } = mailbox;

        public List<DueDelivery> Claimed { get; } = [];

        public bool Refused { get; private set; }

        public void Claim(int index, NewDelivery delivery, NewEvent e)
        {
            if (Mailbox is null || Refused)
            {
                return;
            }

            DueDelivery due = new(delivery.Id, e.Event.Id, e.Event.Type, 0, e.Event.Payload) { PostedBy = e.Event.TraceParent };
            if (Mailbox.TryClaim(due))
            {
                Claimed.Add(due);
                _events.Add(index);
            }
            else
            {
                Refused = true;
            }
        }

        public void AbandonDuplicates(StoredEvent[] stored)
        {
            List<DueDelivery> written = [];
            List<DueDelivery> duplicates = [];
            for (int i = 0; i < Claimed.Count; i++)
            {
                (stored[_events[i]].Duplicate ? duplicates : written).Add(Claimed[i]);
            }

            Mailbox?.Abandon(duplicates);
            Claimed.Clear();
            Claimed.AddRange(written);
        }
    }
}
