namespace WebhookConsole.Data.Store;

/// <summary>One change for the single writer: a small command that runs inside a shared transaction.</summary>
internal abstract class WriteOperation
{
    /// <summary>Roughly the rows it writes and the memory it holds; limits a transaction and the queue.</summary>
    public virtual int Weight => 1;

    /// <summary>True for the result of an attempt: a slot in flight waits for it, so it goes before other changes.</summary>
    public virtual bool IsResult => false;

    /// <summary>
    /// Runs the statements, or has the batch gather them. May run again, alone, when a neighbour fails, so it begins from nothing each time.
    /// </summary>
    public abstract void Execute(StoreSession session, BatchState batch);

    /// <summary>Does the rest, once the changes that <see cref="Execute"/> has gathered are made. Called in the order of the operations.</summary>
    public virtual void Complete(StoreSession session, BatchState batch) { }

    /// <summary>Called when the transaction is on disk.</summary>
    public abstract void Committed();

    /// <summary>Called when nothing was written.</summary>
    public abstract void Failed(Exception exception);
}

/// <summary>A change with a result that a caller awaits.</summary>
/// <param name="continueOnWriter">True when the code that awaits it may run on the writer's thread.</param>
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
