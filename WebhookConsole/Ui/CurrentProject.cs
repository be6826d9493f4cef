namespace WebhookConsole.Ui;

/// <summary>The project that the open page shows, one per circuit. The project pages set it; the layout shows it.</summary>
public sealed class CurrentProject
{
    public string? Slug { get; private set; }

    public string? Name { get; private set; }

    public event EventHandler? Changed;

    public void Set(string slug, string name)
    {
        if (Slug == slug && Name == name)
        {
            return;
        }

        (Slug, Name) = (slug, name);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
