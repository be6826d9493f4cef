using Microsoft.AspNetCore.WebUtilities;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Links of a list of deliveries: filters are in the query, the open delivery in the path or, inside another page, in the query.</summary>
/// <param name="BasePath">Path of the page, without a slash at the end.</param>
/// <param name="SelectInPath">True: <c>/events/{id}</c>. False: <c>/events?delivery={id}</c>.</param>
public sealed record DeliveryListAddress(string BasePath, bool SelectInPath)
{
    private const string Selection = "delivery";

    /// <summary>True when the address is this list's, with or without an open delivery.</summary>
    public bool Owns(Uri uri)
    {
        string path = Unescape(uri);
        return path == Path
            || (
                SelectInPath
                && path.StartsWith(Path + "/", StringComparison.OrdinalIgnoreCase)
                && !path[(Path.Length + 1)..].Contains('/', StringComparison.Ordinal)
            );
    }

    /// <summary>The open delivery; null for none.</summary>
    /// <param name="address">Remembers when it cannot be read.</param>
    public Guid? SelectedIn(Uri uri, AddressReader address) =>
        SelectInPath
            ? Guid.TryParse(Unescape(uri).Split('/')[^1], out Guid id)
                ? id
                : null
            : address.Id(Selection, QueryHelpers.ParseQuery(uri.Query).GetValueOrDefault(Selection).FirstOrDefault());

    /// <summary>Link to the list for this query, with or without an open delivery.</summary>
    public string Href(DeliveryListQuery query, Guid? selected) =>
        selected is not { } id ? BasePath + query.ToQueryString()
        : SelectInPath ? $"{BasePath}/{id}{query.ToQueryString()}"
        : QueryHelpers.AddQueryString(BasePath + query.ToQueryString(), Selection, id.ToString());

    private string Path => Uri.UnescapeDataString(BasePath);

    private static string Unescape(Uri uri) => Uri.UnescapeDataString(uri.AbsolutePath).TrimEnd('/');
}
