using System.Globalization;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WebhookConsole.Declarations;

/// <summary>Writes a set-up file as YAML.</summary>
internal sealed class DeclarationWriter : IDisposable
{
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly Emitter _yaml;

    public DeclarationWriter()
    {
        _yaml = new Emitter(_text, EmitterSettings.Default.WithBestWidth(int.MaxValue).WithIndentedSequences());
        Emit(new StreamStart());
        Emit(new DocumentStart(null, null, isImplicit: true));
        Comment("Secrets and the values of extra headers are not in this file.");
        Emit(new MappingStart());
        Member("version", DeclarationReader.Version);
        Plain("projects");
        Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Block));
    }

    public void Write(Project project, IReadOnlyList<EventType> types, IReadOnlyList<Webhook> webhooks)
    {
        Emit(new MappingStart());
        Member("slug", project.Slug);
        Member("name", project.Name);
        List("eventTypes", types.Where(t => !t.Seen), Write);
        List("webhooks", webhooks, Write);
        Emit(new MappingEnd());
    }

    /// <returns>The file.</returns>
    public string End()
    {
        Emit(new SequenceEnd());
        Emit(new MappingEnd());
        Emit(new DocumentEnd(isImplicit: true));
        Emit(new StreamEnd());
        return _text.ToString();
    }

    public void Dispose() => _text.Dispose();

    private void Write(EventType type)
    {
        Member("name", type.Name);
        if (type.Description.Length > 0)
        {
            Member("description", type.Description);
        }

        if (type.ExamplePayload is { } example)
        {
            Plain("example");
            Emit(
                new Scalar(null, null, example, example.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : ScalarStyle.SingleQuoted, false, true)
            );
        }

        if (type.Deprecated)
        {
            Member("deprecated", true);
        }
    }

    private void Write(Webhook webhook)
    {
        if (webhook.Headers.Count > 0)
        {
            Comment($"Extra headers, set in the console or by the API: {string.Join(", ", webhook.Headers.Select(h => h.Name))}");
        }

        Member("name", webhook.Name);
        Member("url", webhook.Url);
        Member("description", webhook.Description);
        if (webhook.Scope != WebhookScope.Events)
        {
            Member("scope", webhook.Scope.Word());
        }

        Plain("eventTypes");
        Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Flow));
        foreach (string pattern in webhook.EventFilter.Patterns)
        {
            Text(pattern);
        }

        Emit(new SequenceEnd());

        // What the engine has disabled is meant to be on.
        Member("enabled", webhook.Enabled || webhook.AutoDisabledAt is not null);
        Member("format", SignatureFormats.NameOf(webhook.Format));
        if (webhook.SignatureHeader is { } header)
        {
            Member("signatureHeader", header);
        }

        Plain("retrySchedule");
        Schedule(webhook.RetrySchedule);
        Member("maxInFlight", webhook.MaxInFlight);
        if (webhook.RateLimitPerSecond is { } limit)
        {
            Member("rateLimitPerSecond", limit);
        }
    }

    private void Schedule(RetrySchedule schedule)
    {
        if (!schedule.IsCustom)
        {
            Plain(schedule.Text);
            return;
        }

        Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Flow));
        foreach (string seconds in schedule.Text.Split(','))
        {
            Plain(seconds);
        }

        Emit(new SequenceEnd());
    }

    private void List<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        Plain(name);
        Emit(new SequenceStart(null, null, isImplicit: true, items.Any() ? SequenceStyle.Block : SequenceStyle.Flow));
        foreach (T item in items)
        {
            Emit(new MappingStart());
            write(item);
            Emit(new MappingEnd());
        }

        Emit(new SequenceEnd());
    }

    private void Member(string name, string value)
    {
        Plain(name);
        Text(value);
    }

    private void Member(string name, int value)
    {
        Plain(name);
        Plain(value.ToString(CultureInfo.InvariantCulture));
    }

    private void Member(string name, bool value)
    {
        Plain(name);
        Plain(value ? "true" : "false");
    }

    // Quoted, a text can be nothing else: not a number, not "no", not the end of the line.
    private void Text(string value) => Emit(new Scalar(null, null, value, ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: true));

    private void Plain(string value) => Emit(new Scalar(null, null, value, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));

    private void Comment(string text) => Emit(new Comment(text, isInline: false));

    private void Emit(ParsingEvent part) => _yaml.Emit(part);
}
