using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using WebhookConsole.Api.Contracts;

namespace WebhookConsole.Api.Reference;

/// <summary>The API as a person reads it on <c>/docs</c>: made from our own OpenAPI document, once.</summary>
public sealed class ApiReference([FromKeyedServices(ApiReference.Document)] IOpenApiDocumentProvider documents)
{
    internal const string Document = "v1";

    // Every call can answer with these; the page explains them once.
    private static readonly HashSet<int> s_common = [400, 401, 403, 404, 429, 500, 503];

    // As on the wire: the ellipsis of a hint is not escaped.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<ReferenceGroup>>? _groups;

    /// <summary>The errors that every call may answer with.</summary>
    public static IReadOnlyList<ReferenceError> CommonErrors { get; } = [.. s_common.Order().Select(s => Error(s, Examples.OfProblem(s)))];

    /// <summary>The calls by resource, in the order of the document.</summary>
    public Task<IReadOnlyList<ReferenceGroup>> ReadAsync()
    {
        lock (_gate)
        {
            return _groups is { IsFaulted: false, IsCanceled: false } ? _groups : _groups = MakeAsync();
        }
    }

    // It belongs to no request: if the first caller disconnects, the others must still get it.
    private async Task<IReadOnlyList<ReferenceGroup>> MakeAsync()
    {
        OpenApiDocument document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        ILookup<string, ReferenceCall> calls = document
            .Paths.SelectMany(path =>
                (path.Value.Operations ?? []).Select(o => (Tag: o.Value.Tags?.FirstOrDefault()?.Name ?? "", Call: Call(path.Key, o.Key, o.Value)))
            )
            .ToLookup(o => o.Tag, o => o.Call);
        return [.. (document.Tags ?? new HashSet<OpenApiTag>()).Select(t => new ReferenceGroup(t.Name!, t.Description ?? "", [.. calls[t.Name!]]))];
    }

    private static ReferenceCall Call(string path, HttpMethod method, OpenApiOperation operation)
    {
        IReadOnlyList<(int Status, IOpenApiResponse Response)> answers =
        [
            .. (operation.Responses ?? []).Select(r => (int.Parse(r.Key, CultureInfo.InvariantCulture), r.Value)),
        ];
        (int status, IOpenApiResponse success) = answers.First(a => a.Status < 300);
        return new ReferenceCall(
            operation.OperationId!,
            method.Method,
            path,
            operation.Summary ?? "",
            operation.Description,
            [
                .. (operation.Parameters ?? []).Select(p => new ReferenceField(
                    p.Name!,
                    p.Schema is null ? "" : SchemaFields.TypeOf(p.Schema),
                    p.Required,
                    p.Description,
                    p.In?.ToString().ToLowerInvariant() ?? ""
                )),
            ],
            Body(operation.RequestBody?.Content),
            Body(success.Content),
            status,
            [
                .. answers
                    .Where(a => a.Status >= 400 && !s_common.Contains(a.Status))
                    .OrderBy(a => a.Status)
                    .Select(a => Error(a.Status, a.Response.Content!.Values.First().Example!)),
            ]
        );
    }

    private static ReferenceBody? Body(IDictionary<string, OpenApiMediaType>? content) =>
        content?.Values.FirstOrDefault() is { Schema: { } schema } media
            ? new ReferenceBody(SchemaFields.Of(schema), media.Example?.ToJsonString(s_json))
            : null;

    private static ReferenceError Error(int status, JsonNode problem) => new(status, (string)problem["code"]!, (string)problem["detail"]!);
}
