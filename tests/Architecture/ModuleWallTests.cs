using AgentPlatform.Architecture.Support;
using Mono.Cecil;

namespace AgentPlatform.Architecture;

/// <summary>
/// Accessibility is the wall between modules: code of one may use only what another made public. <c>Shared</c> is open to all, and itself
/// sees of a module what everybody sees. There are no exemptions.
/// </summary>
public sealed class ModuleWallTests
{
    static readonly Lazy<IReadOnlyList<(string User, string Text)>> Found = new(() => [.. Breaches(Il.Assemblies)]);

    [TestCaseSource(nameof(Everybody))]
    public void Uses_only_what_other_modules_made_public(string module) =>
        Assert.That(Found.Value.Where(breach => breach.User == module).Select(breach => breach.Text), Is.Empty);

    [Test]
    public void The_layers_name_only_what_lies_below_them() => Assert.Multiple(() =>
    {
        Assert.That(References("Domain").Where(name => !name.StartsWith("System.", StringComparison.Ordinal)), Is.Empty, "Domain is pure: the framework's base libraries and nothing else");
        Assert.That(References("Application").Where(name => !name.StartsWith("System.", StringComparison.Ordinal)), Is.EquivalentTo(["AgentPlatform.Domain", "MediatR", "Microsoft.Extensions.AI.Abstractions"]));
        Assert.That(References("Infrastructure"), Has.None.EqualTo("AgentPlatform.Api"));
    });

    /// <summary>The sample modules break each rule once: a checker that finds nothing here finds nothing anywhere.</summary>
    [Test]
    public void Finds_what_a_lambda_a_state_machine_a_field_a_signature_and_an_attribute_hide() =>
        Assert.That(
            Breaches([Il.Read("AgentPlatform.Architecture")]).Select(breach => breach.Text.Split(" uses ")[0].Split('.')[^1]).Distinct(),
            Is.EquivalentTo(["InField", "InLambda", "InAsync", "InSignature", "InAttribute", "OfMember", "AsBase"]));

    static IEnumerable<string> Everybody() => [.. Modules.Names, Modules.Shared];

    static IEnumerable<string> References(string layer) => Il.Assembly(layer).MainModule.AssemblyReferences.Select(a => a.Name);

    static IEnumerable<(string User, string Text)> Breaches(IEnumerable<AssemblyDefinition> assemblies) =>
        from assembly in assemblies
        from type in assembly.AllTypes()
        let user = Modules.Of(type)
        where user is not null
        from used in Uses.Of(type)
        let owner = Modules.Of(used as TypeReference ?? used.DeclaringType)
        where owner is not null && owner != user && owner != Modules.Shared && !IsPublic(used)
        select (user, $"{type.Outermost().FullName} uses {used.FullName}, which is not public");

    static bool IsPublic(MemberReference used) => used switch
    {
        TypeReference type => IsPublic(type.Resolve()),
        MethodReference method => method.Resolve() is { IsPublic: true } definition && IsPublic(definition.DeclaringType),
        FieldReference field => field.Resolve() is { IsPublic: true } definition && IsPublic(definition.DeclaringType),
        _ => false,
    };

    static bool IsPublic(TypeDefinition type) => type.IsPublic || (type.IsNestedPublic && IsPublic(type.DeclaringType));
}
