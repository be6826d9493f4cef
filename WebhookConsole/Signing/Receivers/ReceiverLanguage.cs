namespace WebhookConsole.Signing.Receivers;

/// <summary>A language in which <see cref="ReceiverCode"/> can be written.</summary>
/// <param name="Name">In addresses and element ids: <c>python</c>.</param>
/// <param name="Title">For people: <c>Python</c>.</param>
/// <param name="FileName">What the code is saved as; its templates are named after it.</param>
/// <param name="Comment">Starts a comment that ends at the end of the line.</param>
/// <param name="Keywords">Separated by spaces, for colouring.</param>
public sealed record ReceiverLanguage(string Name, string Title, string FileName, string Comment, string Keywords)
{
    /// <summary>In the order in which to offer them.</summary>
    public static IReadOnlyList<ReceiverLanguage> All { get; } =
    [
        new("csharp", "C#", "receiver.cs", "//", "async await bool byte catch foreach if in long new out return string throw try using var void"),
        new("nodejs", "Node.js", "receiver.mjs", "//", "catch const from function if import let new return throw try"),
        new("python", "Python", "receiver.py", "#", "abs and any as class def else except False for from if import in not or return True try"),
        new("go", "Go", "receiver.go", "//", "bool byte const err for func if import nil package range return string"),
        new("php", "PHP", "receiver.php", "//", "as bool catch declare exit false float foreach function if int new require return string try use void"),
        new("ruby", "Ruby", "receiver.rb", "#", "def do else end false if require rescue return trap unless"),
        new(
            "java",
            "Java",
            "Receiver.java",
            "//",
            "boolean byte catch class final for if import int long new null private public return static String throw throws try var void"
        ),
    ];

    /// <summary>The library that verifies a format in this language; null for the formats that have none.</summary>
    public ReceiverLibrary? Library(string format) => ReceiverLibrary.Find(Name, format);

    public override string ToString() => Name;
}
