namespace WebhookConsole.Benchmarks.Crash;

/// <summary>What the three books say together: the client's, the receiver's, the database's.</summary>
internal sealed class Verdict
{
    // What lies between sending and arrival, or between the answer and its record, with the database and the machine being slow.
    private const long Slack = 1_000;
    private const long Exchange = 12_000;

    // The longest a result may wait for a database that is away.
    private const long Unrecorded = 40_000;
    private const int Succeeded = 2;

    // What can keep a result from being recorded, and what can keep a commit from being answered.
    private static readonly string[] s_interrupting = [FaultLog.Kill, FaultLog.Pause, FaultLog.Cut, FaultLog.Database];
    private static readonly string[] s_ambiguous = [FaultLog.Pause, FaultLog.Cut, FaultLog.Database];

    private readonly FaultLog _faults;
    private readonly List<string> _problems = [];

    private Verdict(FaultLog faults) => _faults = faults;

    /// <summary>Deliveries of accepted events that no 2xx was given to, or whose row says something else.</summary>
    public int Lost { get; private set; }

    /// <summary>Requests for what the receiver had answered with 2xx before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Requests that a kill kept from being recorded.</summary>
    public int Unrecorded2xx { get; private set; }

    public int Unexplained { get; private set; }

    public int Stuck { get; private set; }

    /// <summary>The most requests after the first success that one delivery had.</summary>
    public int MostDuplicates { get; private set; }

    /// <summary>Posts that were answered with an error while a fault kept the outcome of their commit unknown, and that were stored.</summary>
    public int RefusedAndStored { get; private set; }

    public string Integrity { get; private set; } = "unknown";

    public IReadOnlyList<string> Problems => _problems;

    /// <param name="books">What the database says.</param>
    /// <param name="posts">What the client says.</param>
    /// <param name="seen">What the receiver says.</param>
    /// <param name="webhooks">Their paths at the receiver; each gets every event.</param>
    /// <param name="faults">What was done meanwhile.</param>
    /// <param name="bound">Requests that the faults may have interrupted at most: the sum of the limits in flight, for each fault.</param>
    public static Verdict Of(Books books, IReadOnlyCollection<Post> posts, List<Seen> seen, string[] webhooks, FaultLog faults, int bound)
    {
        Verdict verdict = new(faults) { Integrity = books.Integrity };
        verdict.CheckEvents(books, posts, seen, webhooks);
        verdict.CheckRequests(books, seen);
        if (verdict.Unrecorded2xx > bound)
        {
            verdict.Strange($"{verdict.Unrecorded2xx} answered requests were not recorded; the faults explain {bound} at most");
        }

        foreach (string violation in faults.Violations)
        {
            verdict.Strange(violation);
        }

        return verdict;
    }

    private void CheckEvents(Books books, IReadOnlyCollection<Post> posts, List<Seen> seen, string[] webhooks)
    {
        ILookup<int, Guid> stored = books.Events.ToLookup(e => e.Number, e => e.Id);
        ILookup<Guid, int> rows = books.Deliveries.ToLookup(d => d.Event, d => d.Status);
        HashSet<(string, Guid)> arrived = [.. seen.Where(s => s.Status == 200).Select(s => (s.Webhook, s.Event))];
        Stuck = rows.Sum(r => r.Count(status => status is 0 or 1 or 4));
        foreach (Post post in posts)
        {
            Guid[] ids = [.. stored[post.Number]];
            if (post.State == PostState.Accepted)
            {
                int missing = webhooks.Count(w => !arrived.Contains((w, post.EventId)));
                int wrong = webhooks.Length - rows[post.EventId].Count(status => status == Succeeded);
                if (missing > 0 || wrong != 0)
                {
                    Lost += Math.Max(1, Math.Max(missing, Math.Abs(wrong)));
                    _problems.Add($"lost: event {post.EventId} ({post.Number}), {missing} webhooks without it, states {string.Join(',', rows[post.EventId])}");
                }
            }

            if (ids.Length > 1 || (ids.Length == 1 && post.State == PostState.Accepted && ids[0] != post.EventId))
            {
                Strange($"post {post.Number} is stored as {string.Join(", ", ids)}; answered was {post.EventId}");
            }
            else if (ids.Length == 1 && post.State == PostState.Refused)
            {
                bool unknown = _faults.Any(post.RefusedAt - Unrecorded, post.RefusedAt, s_ambiguous);
                RefusedAndStored += unknown ? 1 : 0;
                StrangeUnless(unknown, $"post {post.Number} was refused and is stored as {ids[0]}");
            }
        }

        HashSet<int> posted = [.. posts.Select(p => p.Number)];
        HashSet<Guid> known = [.. stored.SelectMany(e => e)];
        foreach (IGrouping<int, Guid> ghost in stored.Where(e => !posted.Contains(e.Key)))
        {
            Strange($"event {ghost.First()} was never posted");
        }

        foreach (Seen ghost in seen.Where(s => !known.Contains(s.Event)))
        {
            Strange($"event {ghost.Event} was sent to {ghost.Webhook} and is not in the database");
        }
    }

    private void CheckRequests(Books books, List<Seen> seen)
    {
        Dictionary<Guid, int> recorded = books.Attempts.ToDictionary(a => a.Id, a => a.Failure);
        HashSet<Guid> requests = [];
        foreach (Seen request in seen.Where(s => !requests.Add(s.Request)))
        {
            Strange($"request {request.Request} came twice");
        }

        foreach ((Guid id, int failure) in recorded.Where(a => a.Value == -1 && !requests.Contains(a.Key)))
        {
            Strange($"attempt {id} is recorded as answered and never came");
        }

        foreach (IGrouping<(string, Guid), Seen> delivery in seen.GroupBy(s => (s.Webhook, s.Event)))
        {
            Seen[] inOrder = [.. delivery.OrderBy(s => s.At)];
            int duplicates = Math.Max(0, inOrder.SkipWhile(s => s.Status != 200).Count() - 1);
            Duplicates += duplicates;
            MostDuplicates = Math.Max(MostDuplicates, duplicates);
            Seen? success = Array.Find(inOrder, s => recorded.GetValueOrDefault(s.Request) == -1);
            foreach (Seen request in inOrder)
            {
                Explain(request, recorded.TryGetValue(request.Request, out int failure) ? failure : null);
                if (success is not null && request != success && SentAt(request) > success.At + Slack)
                {
                    // A node that was paused or cut off records the answers it got when it goes on; until then, another node repeats the requests.
                    StrangeUnless(
                        _faults.Any(success.At - Slack, request.At, s_ambiguous),
                        $"request {request.Request} of {request.Event} to {request.Webhook} came after the success was recorded"
                    );
                }
            }
        }
    }

    private void Explain(Seen request, int? failure)
    {
        if (failure is null)
        {
            // Sent by a process that was killed, or lost the database, before it could write the result.
            Unrecorded2xx += request.Status == 200 ? 1 : 0;
            StrangeUnless(
                _faults.Any(SentAt(request) - Slack, request.At + Unrecorded, s_interrupting),
                $"request {request.Request} of {request.Event} to {request.Webhook} was not recorded, and nothing was killed or cut off"
            );
        }
        else if (
            failure == -1 != (request.Status == 200)
            && !_faults.Any(SentAt(request) - Slack, request.At + Exchange, [FaultLog.Dead, FaultLog.Hang, .. s_ambiguous])
        )
        {
            Strange($"request {request.Request} to {request.Webhook} was answered {request.Status} and is recorded with failure {failure}");
        }
    }

    // What was sent to a receiver that stood still arrived when it went on.
    private long SentAt(Seen request)
    {
        Fault? hang = _faults.Faults.FirstOrDefault(f => f.Kind == FaultLog.Hang && f.From <= request.At && request.At <= f.To + Slack * 5);
        return hang?.From ?? request.At;
    }

    private void StrangeUnless(bool explained, string what)
    {
        if (!explained)
        {
            Strange(what);
        }
    }

    private void Strange(string what)
    {
        Unexplained++;
        _problems.Add(what);
    }
}
