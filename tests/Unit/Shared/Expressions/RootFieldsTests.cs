using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Shared.Expressions;

public sealed class RootFieldsTests
{
    [TestCase("fetch.body", "fetch")]
    [TestCase("$.fetch.body", "fetch")]
    [TestCase("@.fetch.body", "fetch")]
    [TestCase("@ | fetch.body", "fetch")]
    [TestCase("\"fetch\"[0].x", "fetch")]
    [TestCase("fetch.items[*].name", "fetch")]
    [TestCase("fetch.items[?price > $.config.limit].name", "config,fetch")]
    [TestCase("fetch | body || other", "fetch")]
    [TestCase("{a: fetch.x, b: input.y} | a", "fetch,input")]
    [TestCase("[fetch, input][0]", "fetch,input")]
    [TestCase("$.{a: fetch}", "fetch")]
    [TestCase("fetch.{a: body}", "fetch")]
    [TestCase("sort_by(fetch.items, &price)", "fetch")]
    [TestCase("map(&[name, $.run.id], fetch)", "fetch,run")]
    [TestCase("let $l = config.limit in fetch[?x < $l].y", "config,fetch")]
    [TestCase("a == b && !c || -d + e // f", "a,b,c,d,e,f")]
    [TestCase("'fetch'", "")]
    [TestCase("`{\"fetch\": 1}`.fetch", "")]
    [TestCase("fetch.*.x", "fetch")]
    public void Names_what_an_expression_may_read_of_the_scope(string text, string names)
    {
        Assert.That(Expression.TryCompile(text, out var expression, out var error), Is.True, error?.Message);

        Assert.That(string.Join(',', expression!.RootFields.Order(StringComparer.Ordinal)), Is.EqualTo(names));
        Assert.That(expression.ReadsWholeScope, Is.False);
    }

    [TestCase("@")]
    [TestCase("$")]
    [TestCase("*")]
    [TestCase("$.*")]
    [TestCase("keys(@)")]
    [TestCase("fetch[*].[$]")]
    [TestCase("let $all = @ in $all.fetch")]
    [TestCase("[a, @]")]
    public void Says_when_it_cannot_tell(string text)
    {
        Assert.That(Expression.TryCompile(text, out var expression, out var error), Is.True, error?.Message);

        Assert.That(expression!.ReadsWholeScope, Is.True);
    }
}
