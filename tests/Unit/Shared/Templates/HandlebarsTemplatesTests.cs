using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Templates;

namespace AgentPlatform.Unit.Shared.Templates;

public sealed class HandlebarsTemplatesTests
{
    const string Data = """
        {"name":"Ann <b>","n":1.50,"zero":0,"yes":true,"no":false,"nil":null,"list":["a","b","c"],"empty":[],"none":{},
         "obj":{"x":1,"y":{"z":"deep"}},"people":[{"n":"Bo","tags":["p","q"]},{"n":"Cy","tags":[]}],"odd-key":{"a b":"odd"},"key":"x","i":1,"this":"own"}
        """;

    [TestCase("plain", "plain")]
    [TestCase("{{name}} {{{name}}} {{&name}}", "Ann <b> Ann <b> Ann <b>")]
    [TestCase("{{escape name}}", "Ann &lt;b&gt;")]
    [TestCase("{{n}} {{yes}} {{no}} [{{nil}}] [{{missing.deep}}]", "1.50 true false [] []")]
    [TestCase("{{list}} {{obj}} {{empty}}", """["a","b","c"] {"x":1,"y":{"z":"deep"}} []""")]
    [TestCase("{{obj.y.z}} {{obj/y/z}} {{this.obj.x}} {{./obj.x}} {{list.0}} {{list.[1]}} {{list.length}}", "deep deep 1 1 a b 3")]
    [TestCase("{{odd-key.[a b]}} {{[odd-key].[a b]}}", "odd odd")]
    [TestCase("{{ name }}", "Ann <b>")]
    [TestCase("a{{! comment }}b{{!-- with }} inside --}}c{{!}}d", "abcd")]
    [TestCase("\\{{name}} {{n}}", "{{name}} 1.50")]
    [TestCase("\\\\{{n}}", "\\1.50")]
    [TestCase("{ {x} } }} {", "{ {x} } }} {")]
    [TestCase("{{\"text\"}} {{'it'}} {{42}} {{true}}", "text it 42 true")]
    public void Prints_values(string template, string expected) => Assert.That(Render(template), Is.EqualTo(expected));

    [TestCase("{{#if yes}}y{{else}}n{{/if}}", "y")]
    [TestCase("{{#if missing}}y{{else}}n{{/if}}", "n")]
    [TestCase("{{#if zero}}y{{^}}n{{/if}}", "n")]
    [TestCase("{{#if empty}}y{{/if}}{{#if none}}object{{/if}}", "object")]
    [TestCase("{{#if no}}1{{else if nil}}2{{else if yes}}3{{else}}4{{/if}}", "3")]
    [TestCase("{{#if no}}1{{else if nil}}2{{else}}4{{/if}}", "4")]
    [TestCase("{{#unless no}}u{{else}}e{{/unless}}{{#unless yes}}u{{else}}e{{/unless}}", "ue")]
    [TestCase("{{#with obj.y}}{{z}}{{../key}}{{/with}}", "deepx")]
    [TestCase("{{#with nil}}w{{else}}e{{/with}}{{#with zero}}{{this}}{{/with}}", "e0")]
    [TestCase("{{#with obj as |o|}}{{o.x}}{{o.y.z}}{{/with}}", "1deep")]
    public void Chooses(string template, string expected) => Assert.That(Render(template), Is.EqualTo(expected));

    [TestCase("{{#each list}}{{@index}}{{this}}{{#if @first}}<{{/if}}{{#if @last}}>{{/if}} {{/each}}", "0a< 1b 2c> ")]
    [TestCase("{{#each obj}}{{@key}}={{.}};{{/each}}", """x=1;y={"z":"deep"};""")]
    [TestCase("{{#each empty}}x{{else}}none{{/each}}{{#each missing}}x{{else}}none{{/each}}{{#each name}}x{{else}}none{{/each}}", "nonenonenone")]
    [TestCase("{{#each people}}{{n}}:{{#each tags}}{{../n}}{{this}}{{@../index}}{{@root.key}},{{/each}}{{/each}}", "Bo:Bop0x,Boq0x,Cy:")]
    [TestCase("{{#each people as |p i|}}{{i}}{{p.n}}{{#each p.tags as |t|}}{{t}}{{p.n}}{{/each}};{{/each}}", "0BopBoqBo;1Cy;")]
    [TestCase("{{#each obj as |v k|}}{{k}};{{/each}}", "x;y;")]
    [TestCase("{{#each list}}{{#with @root.obj}}{{x}}{{@index}}{{/with}}{{/each}}", "101112")]
    [TestCase("{{lookup obj key}} {{lookup list i}} {{lookup list 7}} {{#each list}}{{lookup @root.list @index}}{{/each}}", "1 b  abc")]
    [TestCase("{{#each (lookup this 'list')}}{{this}}{{/each}} {{escape (lookup (lookup obj 'y') 'z')}}", "abc deep")]
    public void Loops_and_looks_up(string template, string expected) => Assert.That(Render(template), Is.EqualTo(expected));

    [TestCase("a  {{~n~}}  b", "a1.50b")]
    [TestCase("a {{~{name}~}} b", "aAnn <b>b")]
    [TestCase("x\n{{#if yes}}\n  y\n{{else}}\n  z\n{{/if}}\nend", "x\n  y\nend")]
    [TestCase("x\r\n  {{#each list}}\r\n{{this}}\r\n  {{/each}}\r\nend", "x\r\na\r\nb\r\nc\r\nend")]
    [TestCase("a\n {{! alone }} \nb\n{{n}}\nc", "a\nb\n1.50\nc")]
    [TestCase("{{#if yes}}\none line{{/if}}\n", "one line\n")]
    [TestCase("a {{#if yes}} b {{/if}} c", "a  b  c")]
    public void Gives_whitespace_where_Handlebars_gives_it(string template, string expected) => Assert.That(Render(template), Is.EqualTo(expected));

    [TestCase("{{", ExpressionErrorCode.Syntax)]
    [TestCase("a {{b", ExpressionErrorCode.Syntax)]
    [TestCase("{{}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{{n}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{a..b}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{a.../b}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{a.[b}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{../a}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#if a}}{{../a}}{{/if}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{@index}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{@secret}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#if a}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#if a}}{{/each}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{/if}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{else}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#if a}}{{else}}{{else}}{{/if}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{> partial}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{* inline}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{{{raw}}}}x{{{{/raw}}}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{!-- open }}", ExpressionErrorCode.Syntax)]
    [TestCase("{{escape a b=c}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{\"open}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{lookup (escape a}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#each a as |b}}{{/each}}", ExpressionErrorCode.Syntax)]
    [TestCase("{{#a}}{{/a}}", ExpressionErrorCode.UnknownFunction)]
    [TestCase("{{#if (gt a 1)}}{{/if}}", ExpressionErrorCode.UnknownFunction)]
    [TestCase("{{log name}}", ExpressionErrorCode.UnknownFunction)]
    [TestCase("{{lookup a}}", ExpressionErrorCode.InvalidArity)]
    [TestCase("{{#if}}{{/if}}", ExpressionErrorCode.InvalidArity)]
    [TestCase("{{#if a b}}{{/if}}", ExpressionErrorCode.InvalidArity)]
    [TestCase("{{escape a b}}", ExpressionErrorCode.InvalidArity)]
    public void Refuses_what_it_does_not_understand(string template, string code)
    {
        var refusal = Refusal(template);
        Assert.That(refusal.Code, Is.EqualTo(code), refusal.Message);
        Assert.That(refusal.Position, Is.InRange(0, template.Length));
    }

    [TestCase("{{input.a}} {{fetch.b.c}} {{@root.run.id}}", "fetch,input,run")]
    [TestCase("{{#each fetch.items}}{{name}} {{../config.x}}{{@root.run}}{{/each}}", "config,fetch,run")]
    [TestCase("{{#if a}}{{b}}{{else if c}}{{d}}{{/if}}", "a,b,c,d")]
    [TestCase("{{#with this}}{{fetch}}{{/with}}{{#with this as |s|}}{{s.run}}{{/with}}", "fetch,run")]
    [TestCase("{{#each fetch as |item i|}}{{item.x}}{{i}}{{y}}{{/each}}", "fetch")]
    [TestCase("{{lookup this 'fetch'}}{{lookup input key}}", "fetch,input,key")]
    public void Names_what_it_reads_of_the_scope(string text, string names)
    {
        Assert.That(new HandlebarsTemplates().TryCompile(text, out var template, out var error), Is.True, error?.Message);

        Assert.That(string.Join(',', template!.RootFields.Order(StringComparer.Ordinal)), Is.EqualTo(names));
    }

    [TestCase("{{GetType}}{{list.Length}}{{name.Length}}{{list.Count}}{{obj.Keys}}{{this.ToString}}{{name.[0]}}")]
    public void Reaches_nothing_of_the_program(string template) => Assert.That(Render(template), Is.Empty);

    [Test]
    public void Data_is_never_a_template()
    {
        var scope = Datum.From(JsonDocument.Parse("""{"a":"{{secret}}","k":"secret","secret":"s3cret"}""").RootElement);

        Assert.That(Compile("{{a}}{{{a}}}{{escape a}}").Render(scope), Is.EqualTo("{{secret}}{{secret}}{{secret}}"));
    }

    static string Render(string template) => Compile(template).Render(Datum.From(JsonDocument.Parse(Data).RootElement));

    static ITemplate Compile(string text) =>
        new HandlebarsTemplates().TryCompile(text, out var template, out var error) ? template : throw new InvalidOperationException(error.ToString());

    static ExpressionError Refusal(string text)
    {
        Assert.That(new HandlebarsTemplates().TryCompile(text, out _, out var error), Is.False, text);
        return error!;
    }
}
