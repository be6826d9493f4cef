using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace WebhookConsole.Api.Bodies;

/// <summary>The body of a call; an empty one counts as an empty object. Put it after <see cref="ApiCall"/>: no forbidden body is read.</summary>
/// <param name="Names">The members that the body names, whatever their values.</param>
/// <param name="Json">As it was sent.</param>
internal sealed record Body<T>(T Value, IReadOnlySet<string> Names, ReadOnlyMemory<byte> Json) : IBody, IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<Body<T>> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        byte[] json = await BodyReader.ReadAsync(context, BodyReader.SmallBody);
        json = json.Length == 0 ? "{}"u8.ToArray() : json;
        return new Body<T>(ContractReader.Read<T>(json), ContractReader.NamesOf(json).ToHashSet(StringComparer.Ordinal), json);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyOf(typeof(T)));
}

/// <summary>The contract of a route's body. Unlike <c>Accepts</c> it requires no content type: only the content of a body counts.</summary>
internal sealed record BodyOf(Type Contract);

/// <summary>A body, whatever its contract.</summary>
internal interface IBody
{
    ReadOnlyMemory<byte> Json { get; }
}
