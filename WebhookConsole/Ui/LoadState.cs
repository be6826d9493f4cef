using System.Diagnostics.CodeAnalysis;

namespace WebhookConsole.Ui;

/// <summary>The state of a page's data: nothing yet, an error, a value, or that it does not exist. Created by <see cref="LoadState"/>.</summary>
public sealed record LoadState<T>
{
    internal LoadState() { }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool HasValue { get; internal init; }

    public T? Value { get; internal init; }

    /// <summary>A sentence that says what to do; null unless loading failed.</summary>
    public string? Error { get; internal init; }

    /// <summary>What a person quotes to support; null when there is none.</summary>
    public string? Reference { get; internal init; }

    /// <summary>True when the data does not exist, or not for this person.</summary>
    public bool Missing { get; internal init; }

    /// <summary>True while a newer value is on its way; the old one stays on screen.</summary>
    public bool Refreshing { get; init; }

    /// <summary>The same state for a part of the value.</summary>
    public LoadState<TPart> Select<TPart>(Func<T, TPart> part) =>
        new()
        {
            HasValue = HasValue,
            Value = HasValue ? part(Value) : default,
            Error = Error,
            Reference = Reference,
            Missing = Missing,
        };

    /// <summary>The newer state, except that a failed refresh leaves the value on screen, and the next change tries again.</summary>
    public LoadState<T> RefreshedBy(LoadState<T> next) => HasValue && next.Error is not null ? this : next;
}

/// <summary>Makes <see cref="LoadState{T}"/>.</summary>
public static class LoadState
{
    public static LoadState<T> Loading<T>() => new();

    public static LoadState<T> Loaded<T>(T value) => new() { HasValue = true, Value = value };

    public static LoadState<T> Missing<T>() => new() { Missing = true };

    public static LoadState<T> Failed<T>(string error, string? reference = null) => new() { Error = error, Reference = reference };
}
