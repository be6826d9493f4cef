namespace WebhookConsole.Data.Store;

/// <summary>One change for the single writer: a small command that runs inside a shared transaction.</summary>
internal abstract class WriteOperation
{
    /// <summary>Rows it writes, roughly, and the memory it holds; bounds a transaction and the queue.</summary>
    public virtual int Weight => 1;

    /// <summary>Runs the statements. May run again in a transaction of its own when a neighbour fails: it keeps no state but its result.</summary>
    public abstract void Execute(StoreSession session, BatchState batch);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Committed();

    /// <summary>Nothing of it was written.</summary>
    public abstract void Failed(Exception exception);
}

/// <summary>A change with a result that a caller awaits.</summary>
internal abstract class WriteOperation<T> : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _completion.Task;

    protected T Result { get; set; } = default!;

    public override void Committed() => _completion.TrySetResult(Result);

    public override void Failed(Exception exception) => _completion.TrySetException(exception);
}
