namespace WebhookConsole.Ui;

/// <summary>The project that the open page shows, one per circuit. The project pages set it; the layout shows it.</summary>
public sealed class CurrentProject
{
    public Guid? Id { get; private set; }

    public string? Slug { get; private set; }

    public string? Name { get; private set; }

    public event EventHandler? Changed;

    public void Set(Guid id, string slug, string name)
    {
        if (Id == id && Slug == slug && Name == name)
        {
            return;
        }

        (Id, Slug, Name) = (id, slug, name);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
