namespace WebhookConsole.Data.Store;

/// <summary>One change for the single writer: a small command that runs inside a shared transaction.</summary>
internal abstract class WriteOperation
{
    /// <summary>Rows it writes, roughly, and the memory it holds; bounds a transaction and the queue.</summary>
    public virtual int Weight => 1;

    /// <summary>True for the result of an attempt: a slot in flight waits for it, so it goes before other changes.</summary>
    public virtual bool IsResult => false;

    /// <summary>Runs the statements. May run again in a transaction of its own when a neighbour fails: it keeps no state but its result.</summary>
    public abstract void Execute(StoreSession session, BatchState batch);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Committed();

    /// <summary>Nothing of it was written.</summary>
    public abstract void Failed(Exception exception);
}

/// <summary>A change with a result that a caller awaits.</summary>
/// <param name="continueOnWriter">True when what awaits it may run on the writer's thread.</param>
internal abstract class WriteOperation<T>(bool continueOnWriter = false) : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(
        continueOnWriter ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task<T> Completion => _completion.Task;

    protected T Result { get; set; } = default!;

    public override void Committed() => _completion.TrySetResult(Result);

    public override void Failed(Exception exception) => _completion.TrySetException(exception);
}
