using System.Text;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Agents.Definitions;
using MediatR;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api;

/// <summary>Agents as documents, in YAML or JSON: what people keep in a repository.</summary>
static class DefinitionEndpoints
{
    public static void MapDefinitions(this RouteGroupBuilder group, string name, string? kind)
    {
        group.MapGet("/{agent}/definition", async (string agent, HttpContext http, IMediator mediator) =>
                Export(http, await mediator.Send(new GetAgentDefinition(agent, kind), http.RequestAborted)))
            .WithName($"Get{name}Definition").WithSummary("The agent as one document, as YAML or as JSON by Accept")
            .Produces<string>(StatusCodes.Status200OK, DefinitionText.Json, DefinitionText.Yaml)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        group.MapPut("/{agent}/definition", async (string agent, IfMatch seen, HttpContext http, IMediator mediator) =>
            {
                var document = DefinitionText.Read(await RequestBytes.Read(http, StrictJson.MaxBytes), http.Request.ContentType);
                return document.IsOk
                    ? Applied(http, await mediator.Send(new ApplyAgentDefinition(agent, kind, document.Value, seen.UpdatedAt), http.RequestAborted))
                    : document.Error.ToProblem();
            })
            .Accepts<string>(DefinitionText.Json, DefinitionText.Yaml)
            .WithName($"Put{name}Definition").WithSummary("Makes the agent what the document says; a new version only when it does something else")
            .Produces<AppliedDefinition>().Produces<AppliedDefinition>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    static IResult Export(HttpContext http, Domain.Shared.Result<ExportedDefinition> result)
    {
        if (!result.IsOk)
        {
            return result.Error.ToProblem();
        }

        var asYaml = PrefersYaml(http.Request);
        http.Response.Headers.ETag = ETags.Of(result.Value.UpdatedAt);
        http.Response.Headers.Vary = HeaderNames.Accept;
        return TypedResults.Text(DefinitionText.Write(result.Value.Definition, asYaml), asYaml ? DefinitionText.Yaml : DefinitionText.Json, Encoding.UTF8);
    }

    static IResult Applied(HttpContext http, Domain.Shared.Result<AppliedDefinition> result)
    {
        if (!result.IsOk)
        {
            return result.Error.ToProblem();
        }

        http.Response.Headers.ETag = ETags.Of(result.Value.Agent.UpdatedAt);
        return result.Value.Outcome == "created"
            ? TypedResults.Created($"{http.Request.Path.Value![..^"/definition".Length]}", result.Value)
            : TypedResults.Ok(result.Value);
    }

    /// <summary>JSON unless YAML is asked for with more weight: a browser and a plain client get what every other route gives.</summary>
    static bool PrefersYaml(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return false;
        }

        var yaml = accepted.Where(a => DefinitionText.IsYaml(a.MediaType.Value)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        var json = accepted.Where(a => a.MediaType.Equals(DefinitionText.Json, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return yaml > json;
    }
}
