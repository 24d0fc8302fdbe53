using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Shared.Expressions;

public sealed class ExpressionLimitTests
{
    static readonly Datum Thousand = Datum.From(JsonDocument.Parse($$"""{"n":[{{string.Join(',', Enumerable.Range(0, 1000))}}],"s":"{{new string('x', 100_000)}}"}""").RootElement);

    static IEnumerable<string> Towers() =>
    [
        new('(', 100_000),
        new('(', 4096),
        new string('(', 2000) + "a" + new string(')', 2000),
        new('!', 4096),
        new('-', 4096),
        new('[', 4096),
        new('{', 4096),
        new('&', 4096),
        string.Concat(Enumerable.Repeat("[*]", 1365)),
        string.Concat(Enumerable.Repeat("a[*].", 800)) + "a",
        string.Join('.', Enumerable.Repeat("*", 2000)),
        string.Concat(Enumerable.Repeat("[]", 2000)),
        string.Concat(Enumerable.Repeat("[0]", 1300)),
        string.Concat(Enumerable.Repeat("[?a", 1300)),
        string.Join("|", Enumerable.Repeat("a", 2000)),
        string.Join("||", Enumerable.Repeat("a", 1300)),
        string.Join("+", Enumerable.Repeat("a", 2000)),
        string.Concat(Enumerable.Repeat("not_null(", 450)),
        string.Concat(Enumerable.Repeat("let $a = a in ", 290)) + "$a",
        string.Concat(Enumerable.Repeat("a.{b:", 800)),
    ];

    [TestCaseSource(nameof(Towers))]
    public void Refuses_a_tower_without_falling(string text)
    {
        var compiled = Expression.TryCompile(text, out _, out var error);

        Assert.That(compiled, Is.False);
        Assert.That(error!.Code, Is.AnyOf(ExpressionErrorCode.Limit, ExpressionErrorCode.Syntax));
    }

    [Test]
    public void Walks_a_path_as_long_as_the_text_may_be()
    {
        var text = string.Join('.', Enumerable.Repeat("a", ExpressionLimits.TextLength / 2));

        Assert.That(Expression.TryCompile(text, out var expression, out _), Is.True);
        Assert.That(expression!.Evaluate(Thousand).IsNull, Is.True);
    }

    [TestCase("pad_left('x', `1000000000`)")]
    [TestCase("pad_right(s, `9007199254740991`)")]
    [TestCase("join(s, n[*].to_string(@))")]
    [TestCase("replace(s, 'x', s)")]
    [TestCase("n[*].[$.n, $.n, $.n, $.n]")]
    [TestCase("let $l = n in n[*].[let $i = @ in $l[*].[let $j = @ in $l[*].[$i, $j, @]]]")]
    [TestCase("let $l = n in n[*].map(&sum($l), $l)")]
    [TestCase("let $l = n in n[?contains($l[*].to_string(@), 'none')]")]
    [TestCase("let $s = s in n[*].length(join($s, ['', '']))")]
    [TestCase("let $l = n in n[*].sort_by($l, &@)[0] | n[*].sort($l)[0]")]
    [TestCase("let $l = n in n[?$l[?$l[?contains($l, `-1`)]]]")]
    [TestCase("let $l = n, $m = n[*] in n[*].map(&($l == $m), $l)")]
    public void Ends_an_expression_that_would_cost_too_much(string text)
    {
        Assert.That(Expression.TryCompile(text, out var expression, out var error), Is.True, error?.Message);

        Assert.That(() => expression!.Evaluate(Thousand), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.Limit));
    }

    [TestCase("[@, @]")]
    [TestCase("{a: @, b: @}")]
    [TestCase("[@, @][]")]
    public void Ends_a_value_that_doubles_at_each_stage(string stage)
    {
        // Every stage only points twice at the one before: a page of memory, and 2^60 elements when written out.
        var text = "n | " + string.Join(" | ", Enumerable.Repeat(stage, 60));
        Assert.That(Expression.TryCompile(text, out var expression, out var error), Is.True, error?.Message);

        Assert.That(() => expression!.Evaluate(Thousand), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.Limit));
    }

    [Test]
    public void Ends_a_value_nested_too_deep_to_be_written()
    {
        Assert.That(Expression.TryCompile(string.Join("|", Enumerable.Repeat("[@]", 100)), out var expression, out _), Is.True);

        Assert.That(() => expression!.Evaluate(Datum.True), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.Limit));
    }

    [Test]
    public void Stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(Expression.TryCompile("let $l = n in n[*].sum($l)", out var expression, out _), Is.True);

        Assert.That(() => expression!.Evaluate(Thousand, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void One_expression_serves_many_threads()
    {
        Assert.That(Expression.TryCompile("let $i = [0] in @[?@ > $i].[@, $i] | length(@)", out var expression, out var error), Is.True, error?.Message);

        var wrong = Enumerable.Range(1, 2000).AsParallel()
            .Where(n => expression!.Evaluate(Datum.FromArray([.. Enumerable.Range(0, n % 50).Select(i => Datum.From((long)i))])).GetDouble() != Math.Max(0, (n % 50) - 1));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Refuses_text_over_4_KiB_and_half_a_character()
    {
        Expression.TryCompile(new string('a', ExpressionLimits.TextLength + 1), out _, out var tooLong);
        Expression.TryCompile("'\ud834'", out _, out var half);

        Assert.That((tooLong!.Code, half!.Code), Is.EqualTo((ExpressionErrorCode.Limit, ExpressionErrorCode.Syntax)));
    }
}
