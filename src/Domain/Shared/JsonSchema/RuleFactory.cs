using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Domain.Shared.JsonSchema.Rules;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// Makes the rules of one schema object. A keyword whose value has the wrong type makes no rule: the metaschema has refused it already, and in a
/// place that no metaschema covers (under an unknown keyword) it means nothing.
/// </summary>
sealed class RuleFactory(SchemaCompiler compiler, SchemaNode node, JsonElement schema)
{
    const int MaxPatterns = 200;

    readonly List<Rule> _rules = [];

    Dialect Dialect => node.Resource.Dialect;

    public Rule[] Create()
    {
        if (Text("$ref") is { } reference)
        {
            AddReference(reference);
            // In draft-07 a $ref hides its siblings.
            if (Dialect.Is07)
                return [.. _rules];
        }
        if (!Dialect.Is07 && Text("$dynamicRef") is { } dynamicReference)
            AddDynamicReference(dynamicReference);
        if (Dialect.Asserts)
            AddAssertions();
        AddObjectRules();
        AddArrayRules();
        AddLogic();
        if (!Dialect.Is07)
            AddUnevaluated();
        return [.. _rules];
    }

    void AddReference(string reference)
    {
        if (compiler.Target(node, "$ref", reference, out _) is { } target)
            _rules.Add(new RefRule(node, InPlace(target)));
    }

    void AddDynamicReference(string reference)
    {
        if (compiler.Target(node, "$dynamicRef", reference, out var anchor) is not { } target)
            return;
        InPlace(target);
        if (anchor is null)
        {
            _rules.Add(new RefRule(node, target));
            return;
        }
        compiler.TracksScope = true;
        _rules.Add(new DynamicRefRule(node, anchor, target));
    }

    void AddAssertions()
    {
        if (Value("type") is { } type)
        {
            var names = type.ValueKind == JsonValueKind.Array ? Texts(type) : Text("type") is { } name ? [name] : [];
            var allowed = names.Aggregate(JsonTypes.None, (all, one) => all | TypeRule.Parse(one));
            if (allowed != JsonTypes.None)
                _rules.Add(new TypeRule(node, allowed));
        }
        if (Value("const") is { } constant)
            _rules.Add(new EnumRule(node, "const", [constant]));
        if (Value("enum", JsonValueKind.Array) is { } values)
            _rules.Add(new EnumRule(node, "enum", [.. values.EnumerateArray()]));
        foreach (var keyword in new[] { "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum" })
        {
            if (Value(keyword, JsonValueKind.Number) is { } bound)
                _rules.Add(new BoundRule(node, keyword, bound));
        }
        if (Value("multipleOf", JsonValueKind.Number) is { } divisor && !Numbers.Exact(divisor).IsZero)
            _rules.Add(new MultipleOfRule(node, divisor));
        if (Bounds("minLength", "maxLength") is var (minLength, maxLength))
            _rules.Add(new LengthRule(node, minLength, maxLength));
        if (Text("pattern") is { } pattern && Pattern(pattern, "pattern") is { } regex)
            _rules.Add(new PatternRule(node, pattern, regex));
        if (Bounds("minProperties", "maxProperties") is var (minMembers, maxMembers))
            _rules.Add(new MemberCountRule(node, minMembers, maxMembers));
        if (Bounds("minItems", "maxItems") is var (minItems, maxItems))
            _rules.Add(new ItemCountRule(node, minItems, maxItems));
        if (Value("uniqueItems", JsonValueKind.True) is not null)
            _rules.Add(new UniqueItemsRule(node));
        if (!Dialect.Is07)
            AddDependentNames("dependentRequired");
    }

    void AddObjectRules()
    {
        var slots = new Dictionary<string, MemberSlot>(StringComparer.Ordinal);
        foreach (var (name, child) in Children("properties"))
            slots[name] = new MemberSlot { Schema = child };
        string[] required = Dialect.Asserts && Value("required", JsonValueKind.Array) is { } names ? [.. Texts(names).Distinct()] : [];
        for (var i = 0; i < required.Length; i++)
        {
            if (!slots.TryGetValue(required[i], out var slot))
                slots.Add(required[i], slot = new MemberSlot());
            slot.Required = i;
        }
        var patterns = Children("patternProperties").Select(p => (Regex: Pattern(p.Name, "patternProperties"), p.Schema)).Where(p => p.Regex is not null).Select(p => (p.Regex!, p.Schema)).ToArray();
        var additional = Child("additionalProperties");
        if (slots.Count > 0 || patterns.Length > 0 || additional is not null)
            _rules.Add(new MembersRule(node, slots, required, patterns, additional));
        if (Child("propertyNames") is { } memberNames)
            _rules.Add(new MemberNamesRule(node, memberNames));
        foreach (var (name, child) in Children(Dialect.Is07 ? "dependencies" : "dependentSchemas"))
            _rules.Add(new DependentSchemaRule(node, name, InPlace(child)));
        if (Dialect.Is07)
            AddDependentNames("dependencies");
    }

    void AddDependentNames(string keyword)
    {
        if (Value(keyword, JsonValueKind.Object) is not { } dependencies)
            return;
        foreach (var member in dependencies.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Array))
            _rules.Add(new DependentNamesRule(node, keyword, member.Name, [.. Texts(member.Value)]));
    }

    void AddArrayRules()
    {
        var positional = Dialect.Is07 ? "items" : "prefixItems";
        var restKeyword = Dialect.Is07 && Value("items", JsonValueKind.Array) is not null ? "additionalItems" : "items";
        var prefix = Children(positional, JsonValueKind.Array);
        var rest = Child(restKeyword);
        if (prefix.Length > 0 || rest is not null)
            _rules.Add(new ItemsRule(node, [.. prefix.Select(p => p.Schema)], rest, restKeyword));
        if (Child("contains") is not { } contains)
            return;
        var (min, max) = Dialect is { Is07: false, Asserts: true } ? Bounds("minContains", "maxContains") ?? (null, null) : (null, null);
        _rules.Add(new ContainsRule(node, contains, min ?? 1, max, !Dialect.Is07));
    }

    void AddLogic()
    {
        if (InPlaceList("allOf") is { Length: > 0 } all)
            _rules.Add(new AllOfRule(node, all));
        if (InPlaceList("anyOf") is { Length: > 0 } any)
            _rules.Add(new AnyOfRule(node, any));
        if (InPlaceList("oneOf") is { Length: > 0 } one)
            _rules.Add(new OneOfRule(node, one));
        if (Child("not") is { } not)
            _rules.Add(new NotRule(node, InPlace(not)));
        if (Child("if") is { } condition)
            _rules.Add(new ConditionRule(node, InPlace(condition), InPlaceOrNull(Child("then")), InPlaceOrNull(Child("else"))));
    }

    void AddUnevaluated()
    {
        if (Child("unevaluatedItems") is { } items)
            _rules.Add(new UnevaluatedItemsRule(node, items));
        if (Child("unevaluatedProperties") is { } members)
            _rules.Add(new UnevaluatedMembersRule(node, members));
        node.KeepsMarks = _rules.Any(rule => rule is UnevaluatedItemsRule or UnevaluatedMembersRule);
    }

    SchemaNode InPlace(SchemaNode target)
    {
        node.InPlace.Add(target);
        return target;
    }

    SchemaNode? InPlaceOrNull(SchemaNode? target) => target is null ? null : InPlace(target);

    SchemaNode[] InPlaceList(string keyword) => [.. Children(keyword, JsonValueKind.Array).Select(child => InPlace(child.Schema))];

    SchemaNode? Child(string keyword) =>
        Value(keyword) is { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } child
            ? compiler.Node(node.Resource.Document, JsonPointer.Append(node.Pointer, keyword), child)
            : null;

    (string Name, SchemaNode Schema)[] Children(string keyword, JsonValueKind kind = JsonValueKind.Object)
    {
        if (Value(keyword, kind) is not { } all)
            return [];
        var pointer = JsonPointer.Append(node.Pointer, keyword);
        var members = kind == JsonValueKind.Object
            ? all.EnumerateObject().Select(m => (m.Name, m.Value))
            : all.EnumerateArray().Select((item, index) => (Name: index.ToString(), Value: item));
        return
        [
            .. members.Where(m => m.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False)
                .Select(m => (m.Name, compiler.Node(node.Resource.Document, JsonPointer.Append(pointer, m.Name), m.Value))),
        ];
    }

    Regex? Pattern(string pattern, string keyword)
    {
        if (++compiler.Patterns > MaxPatterns)
        {
            if (compiler.Patterns == MaxPatterns + 1)
                compiler.Problem(node, keyword, $"The schema has more than {MaxPatterns} patterns.");
            return null;
        }
        var regex = EcmaPattern.Compile(pattern, out var problem);
        if (regex is null)
            compiler.Problem(node, keyword, problem);
        return regex;
    }

    (long? Min, long? Max)? Bounds(string min, string max)
    {
        var (low, high) = (Count(min), Count(max));
        return low is null && high is null ? null : (low, high);
    }

    /// <summary>A count may be written 2.0; past the range of long it is out of reach of any instance.</summary>
    long? Count(string keyword)
    {
        if (Value(keyword, JsonValueKind.Number) is not { } value)
            return null;
        if (value.TryGetInt64(out var count))
            return count;
        return value.GetDouble() is var number and < 1e18 ? (long)number : long.MaxValue;
    }

    JsonElement? Value(string keyword, JsonValueKind? kind = null) =>
        schema.TryGetProperty(keyword, out var value) && (kind is null || value.ValueKind == kind) ? value : null;

    string? Text(string keyword) => Value(keyword, JsonValueKind.String)?.GetString();

    static IEnumerable<string> Texts(JsonElement array) =>
        array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
}
