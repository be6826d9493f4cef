using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Edge;

/// <summary>Declares on a route what it requires (<see cref="RequiresAttribute"/>).</summary>
public static class EndpointRules
{
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiresAttribute(permission));

    /// <param name="because">Why nothing more is required.</param>
    public static TBuilder OpenTo<TBuilder>(this TBuilder route, Audience audience, string because)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenToAttribute(audience, because));
}
