using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Evaluates one expression or one template over a context: the builder's preview. Nothing is stored. What is asked while somebody types is mostly
/// unfinished, so a text that gives no value is an answer like any other.
/// </summary>
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

/// <param name="Value">Null also where there is none.</param>
/// <param name="Error">Why there is no value.</param>
public sealed record EvaluatedExpression(JsonElement? Value, ExpressionFault? Error = null);

/// <param name="Code"><c>syntax</c>, <c>unknown_function</c>, <c>invalid_arity</c>, <c>invalid_type</c>, <c>invalid_value</c> or <c>limit</c>.</param>
/// <param name="Position">The character of the text, from 0 on; null where it has no place.</param>
public sealed record ExpressionFault(string Code, string Message, int? Position);

file sealed class Handler(ITemplateCompiler templates) : IRequestHandler<EvaluateExpression, Result<EvaluatedExpression>>
{
    public Task<Result<EvaluatedExpression>> Handle(EvaluateExpression request, CancellationToken cancellationToken)
    {
        var context = Datum.From(request.Context ?? JsonElement.Parse("{}"));
        try
        {
            return Task.FromResult<Result<EvaluatedExpression>>(request.Template is { } template ? Render(template, context) : Evaluate(request.Expression!, context, cancellationToken));
        }
        catch (ExpressionException failed)
        {
            return Task.FromResult<Result<EvaluatedExpression>>(Fault(failed.Error));
        }
    }

    static EvaluatedExpression Evaluate(string text, Datum context, CancellationToken ct) =>
        Expression.TryCompile(text.StartsWith('=') ? text[1..] : text, out var expression, out var error)
            ? new EvaluatedExpression(expression.Evaluate(context, ct).ToJsonElement())
            : Fault(text.StartsWith('=') && error.Position >= 0 ? error with { Position = error.Position + 1 } : error);

    EvaluatedExpression Render(string text, Datum context) =>
        templates.TryCompile(text, out var template, out var error) ? new EvaluatedExpression(JsonSerializer.SerializeToElement(template.Render(context))) : Fault(error);

    static EvaluatedExpression Fault(ExpressionError error) => new(null, new ExpressionFault(error.Code, error.Message, error.Position >= 0 ? error.Position : null));
}
