using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>A compiled <c>{{…}}</c> template: thread-safe, pure, and bounded in time and output.</summary>
public interface ITemplate
{
    string Text { get; }

    /// <summary>Every top-level name of the scope that the template may read.</summary>
    IReadOnlySet<string> RootFields { get; }

    /// <summary>The template's text over <paramref name="root"/>, the scope.</summary>
    /// <exception cref="ExpressionException">The data does not fit the template, or the output passes 1 MiB (code <c>limit</c>).</exception>
    string Render(Datum root);
}

/// <summary>The template language lives outside the Domain.</summary>
public interface ITemplateCompiler
{
    bool TryCompile(string text, [NotNullWhen(true)] out ITemplate? template, [NotNullWhen(false)] out ExpressionError? error);
}
