namespace WebhookConsole.Signing.Receivers;

/// <summary>A published package that verifies a format.</summary>
/// <param name="Package">Its name in the registry and in the code.</param>
/// <param name="Install">The command that installs it, or a sentence that says how to.</param>
public sealed record ReceiverLibrary(string Package, string Install)
{
    private static readonly Dictionary<(string Language, string Format), ReceiverLibrary> s_all = new()
    {
        [("csharp", "standard")] = Command("StandardWebhooks.StandardWebhooks", "dotnet add package"),
        [("csharp", "svix")] = Command("Svix", "dotnet add package"),
        [("nodejs", "standard")] = Command("standardwebhooks", "npm install"),
        [("nodejs", "svix")] = Command("svix", "npm install"),
        [("python", "standard")] = Command("standardwebhooks", "pip install"),
        [("python", "svix")] = Command("svix", "pip install"),
        [("go", "standard")] = Command("github.com/standard-webhooks/standard-webhooks/libraries/go", "go get"),
        [("go", "svix")] = Command("github.com/svix/svix-webhooks/go", "go get"),
        [("php", "standard")] = Command("standard-webhooks/standard-webhooks", "composer require"),
        [("php", "svix")] = Command("svix/svix", "composer require"),
        [("ruby", "standard")] = Command("standardwebhooks", "gem install"),
        [("ruby", "svix")] = Command("svix", "gem install"),
        [("java", "standard")] = new("com.standardwebhooks:standardwebhooks", "Add com.standardwebhooks:standardwebhooks to your Maven or Gradle build."),
        [("java", "svix")] = new("com.svix:svix", "Add com.svix:svix to your Maven or Gradle build."),
    };

    internal static ReceiverLibrary? Find(string language, string format) => s_all.GetValueOrDefault((language, format));

    private static ReceiverLibrary Command(string package, string install) => new(package, $"{install} {package}");
}
