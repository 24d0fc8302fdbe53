using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Integrations.OpenApi;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Makes an integration of an OpenAPI document, and a skill of each operation that is chosen.</summary>
/// <param name="Document">The document: an object, or its text in JSON or YAML.</param>
/// <param name="Operations">Ids of those that become skills; none for a preview.</param>
/// <param name="BaseUrl">Where the API is; by default the document's first server.</param>
/// <param name="IsPreview">Says what there is and stores nothing.</param>
[Requires("credentials:write")]
public sealed partial record ImportIntegration(string Slug, JsonElement Document, IReadOnlyList<string> Operations, string? Name = null, string? BaseUrl = null, bool IsPreview = false)
    : ICommand<ImportedIntegration>, IValidate
{
    public const int MaxChosen = 100;

    public IEnumerable<FieldError> Validate() =>
    [
        .. Domain.Shared.Slug.Check("/slug", Slug) is { } fault ? new[] { fault } : [],
        .. Name is null or { Length: >= 1 and <= 255 } ? [] : new[] { new FieldError("/name", "length", "A name has 1 to 255 characters.") },
        .. Operations.Count <= MaxChosen ? [] : new[] { new FieldError("/operations", "too_many", $"At most {MaxChosen} operations become skills at once; there are {Operations.Count}.") },
        .. Document.ValueKind is JsonValueKind.Object or JsonValueKind.String ? [] : new[] { new FieldError("/document", "wrong_type", "This is an OpenAPI document: an object, or its text in JSON or YAML.") },
    ];

    /// <summary>The slug of an operation's skill: the integration's, and what its id has of letters and digits.</summary>
    internal string SkillOf(string operation)
    {
        var words = Words().Replace(Humps().Replace(operation, "-"), "-").Trim('-').ToLowerInvariant();
        var slug = $"{Slug}-{(words.Length == 0 ? "operation" : words)}";
        return (slug.Length <= 63 ? slug : slug[..63]).TrimEnd('-');
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Humps();

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}

/// <param name="Integration">Null for a preview.</param>
/// <param name="Operations">All that the document has for a preview, else those that became skills.</param>
public sealed record ImportedIntegration(string Slug, string Name, string AuthType, JsonElement Spec, IntegrationView? Integration, IReadOnlyList<ImportedOperation> Operations);

/// <param name="Skill">The slug that its skill has, or would have.</param>
/// <param name="Problem">Why it cannot become a skill; or null.</param>
public sealed record ImportedOperation(string Id, string Method, string Path, string? Summary, string Skill, JsonElement InputSchema, string? Problem);

file sealed class Handler(IDocumentText text, IMediator mediator) : IRequestHandler<ImportIntegration, Result<ImportedIntegration>>
{
    public async Task<Result<ImportedIntegration>> Handle(ImportIntegration request, CancellationToken cancellationToken)
    {
        var document = request.Document.ValueKind is JsonValueKind.String ? text.Read(request.Document.GetString()!) : request.Document;
        if (!document.IsOk)
        {
            return document.Error;
        }

        if (OpenApiDocument.TryRead(document.Value, request.BaseUrl, out var api) is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        if (IntegrationRules.Check(api!.AuthType, api.Spec) is { Count: > 0 } unfit)
        {
            return Error.Invalid([.. unfit.Select(fault => fault with { Pointer = "/document" })]);
        }

        var name = request.Name ?? api.Title;
        if (request.IsPreview)
        {
            return new ImportedIntegration(request.Slug, name, api.AuthType, api.Spec, null, [.. api.Operations.Select(operation => View(request, operation))]);
        }

        var chosen = Choose(request, api);
        return chosen.IsOk ? await Store(request, api, name, chosen.Value, cancellationToken) : chosen.Error;
    }

    static Result<IReadOnlyList<OpenApiOperation>> Choose(ImportIntegration request, OpenApiDocument api)
    {
        var known = api.Operations.ToDictionary(operation => operation.Id, StringComparer.Ordinal);
        var faults = new List<FieldError>();
        foreach (var (index, id) in request.Operations.Index())
        {
            if (id is null || !known.TryGetValue(id, out var operation))
            {
                faults.Add(new FieldError($"/operations/{index}", "unknown_operation", "The document has no operation of this id."));
            }
            else if (operation.Problem is { } problem)
            {
                faults.Add(new FieldError($"/operations/{index}", "unsupported_operation", problem));
            }
        }

        if (request.Operations.Where(id => id is not null).GroupBy(request.SkillOf, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            faults.Add(new FieldError("/operations", "duplicate", $"Two of them would become the skill {same.Key}."));
        }

        return faults.Count > 0 ? Error.Invalid(faults) : Result<IReadOnlyList<OpenApiOperation>>.Ok([.. request.Operations.Select(id => known[id])]);
    }

    async Task<Result<ImportedIntegration>> Store(ImportIntegration request, OpenApiDocument api, string name, IReadOnlyList<OpenApiOperation> chosen, CancellationToken ct)
    {
        var integration = await mediator.Send(new CreateIntegration(request.Slug, name, api.AuthType, api.Spec, api.Description), ct);
        if (!integration.IsOk)
        {
            return integration.Error;
        }

        foreach (var operation in chosen)
        {
            var slug = request.SkillOf(operation.Id);
            var title = $"{name}: {operation.Summary ?? operation.Id}";
            var skill = await mediator.Send(new CreateSkill(slug, title.Length <= 255 ? title : title[..255], "http_request", "integration", operation.Summary is { Length: > 0 and <= 4000 } told ? told : null), ct);
            if (!skill.IsOk)
            {
                return skill.Error;
            }

            var spec = api.AuthType == "none"
                ? JsonSerializer.SerializeToElement(new { operation = operation.Operation })
                : JsonSerializer.SerializeToElement(new { integration = request.Slug, operation = operation.Operation });
            var version = await mediator.Send(new CreateSkillVersion(slug, new SkillVersionDraft(spec, operation.InputSchema)), ct);
            if (!version.IsOk)
            {
                return version.Error;
            }
        }

        return new ImportedIntegration(request.Slug, name, api.AuthType, api.Spec, integration.Value, [.. chosen.Select(operation => View(request, operation))]);
    }

    static ImportedOperation View(ImportIntegration request, OpenApiOperation operation) =>
        new(operation.Id, operation.Method, operation.Path, operation.Summary, request.SkillOf(operation.Id), operation.InputSchema, operation.Problem);
}
