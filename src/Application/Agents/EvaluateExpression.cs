using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Evaluates one expression or one template over a context: the builder's preview. Nothing is stored.</summary>
/// <param name="Expression">JMESPath, with or without the leading <c>=</c> that marks it in a graph.</param>
/// <param name="Template">Handlebars text; gives a string.</param>
[Requires("agents:read")]
public sealed record EvaluateExpression(string? Expression = null, string? Template = null, JsonElement? Context = null) : IQuery<EvaluatedExpression>, IValidate
{
    public IEnumerable<FieldError> Validate() => (Expression, Template) switch
    {
        (null, null) => [new FieldError("/expression", "required", "Send an expression or a template.")],
        ({ }, { }) => [new FieldError("/template", "not_allowed", "Send an expression or a template, not both.")],
        _ => [],
    };
}

public sealed record EvaluatedExpression(JsonElement Value);

file sealed class Handler(ITemplateCompiler templates) : IRequestHandler<EvaluateExpression, Result<EvaluatedExpression>>
{
    public Task<Result<EvaluatedExpression>> Handle(EvaluateExpression request, CancellationToken cancellationToken)
    {
        var context = Datum.From(request.Context ?? JsonElement.Parse("{}"));
        try
        {
            return Task.FromResult(request.Template is { } template ? Render(template, context) : Evaluate(request.Expression!, context, cancellationToken));
        }
        catch (ExpressionException failed)
        {
            return Task.FromResult<Result<EvaluatedExpression>>(Refusal(request.Template is null ? "/expression" : "/template", failed.Error));
        }
    }

    static Result<EvaluatedExpression> Evaluate(string text, Datum context, CancellationToken ct) =>
        Expression.TryCompile(text.StartsWith('=') ? text[1..] : text, out var expression, out var error)
            ? new EvaluatedExpression(expression.Evaluate(context, ct).ToJsonElement())
            : Refusal("/expression", text.StartsWith('=') && error.Position >= 0 ? error with { Position = error.Position + 1 } : error);

    Result<EvaluatedExpression> Render(string text, Datum context) =>
        templates.TryCompile(text, out var template, out var error)
            ? new EvaluatedExpression(JsonSerializer.SerializeToElement(template.Render(context)))
            : Refusal("/template", error);

    static Error Refusal(string pointer, ExpressionError error) => new(ErrorKind.Invalid, error.Code, error.Message)
    {
        Fields = [new FieldError(pointer, error.Code, error.Message)],
        Position = error.Position >= 0 ? error.Position : null,
    };
}
