using System.Text.Json;
using AgentPlatform.Architecture.Support;
using Mono.Cecil;

namespace AgentPlatform.Architecture;

/// <summary>What holds for every request of the mediator.</summary>
public sealed class UseCaseTests
{
    static readonly string[] Rules = ["RequiresAttribute", "SignedInAttribute", "AllowAnonymousRequestAttribute"];

    static readonly Lazy<IReadOnlyList<(TypeDefinition Handler, TypeReference Request)>> Handlers = new(() => [.. FindHandlers()]);

    [TestCaseSource(nameof(Requests))]
    public void Says_once_who_may_send_it(TypeDefinition request) =>
        Assert.That(request.CustomAttributes.Select(a => a.AttributeType.Name).Where(Rules.Contains).ToList(), Has.Count.EqualTo(1));

    [TestCaseSource(nameof(Requests))]
    public void Asks_for_a_permission_that_exists(TypeDefinition request)
    {
        using var policies = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "policies/roles.json")));
        var known = policies.RootElement.GetProperty("permissions").EnumerateObject().Select(p => p.Name).ToList();
        var asked = request.CustomAttributes.Where(a => a.AttributeType.Name == "RequiresAttribute").Select(a => (string)a.ConstructorArguments[0].Value);
        Assert.That(asked, Is.SubsetOf(known));
    }

    [TestCaseSource(nameof(Requests))]
    public void Has_one_handler(TypeDefinition request) =>
        Assert.That(Handlers.Value.Where(h => h.Request.FullName == request.FullName).Select(h => h.Handler.FullName).ToList(), Has.Count.EqualTo(1));

    [Test]
    public void Handlers_are_seen_by_nobody() =>
        Assert.That(Handlers.Value.Where(h => h.Handler.IsPublic || h.Handler.IsNestedPublic || !h.Handler.IsSealed).Select(h => h.Handler.FullName), Is.Empty);

    /// <summary>A handler that writes lives beside its command, one that reads beside its SQL.</summary>
    [Test]
    public void A_command_is_handled_in_Application() =>
        Assert.That(
            Requests().Where(IsCommand).Where(r => Handlers.Value.Any(h => h.Request.FullName == r.FullName && h.Handler.Module.Assembly.Name.Name != "AgentPlatform.Application"))
                .Select(r => r.Name),
            Is.Empty);

    public static IEnumerable<TypeDefinition> Requests() =>
        Il.Assemblies.SelectMany(a => a.AllTypes()).Where(type => !type.IsAbstract && Contracts(type).Any(i => i.Name == "IRequest`1"));

    static bool IsCommand(TypeDefinition type) => Contracts(type).Any(i => i.Name == "ICommand`1");

    static IEnumerable<(TypeDefinition Handler, TypeReference Request)> FindHandlers() =>
        from assembly in Il.Assemblies
        from type in assembly.AllTypes()
        where !type.IsAbstract && !type.IsInterface
        from contract in type.Interfaces.Select(i => i.InterfaceType).OfType<GenericInstanceType>()
        where contract.Name == "IRequestHandler`2"
        select (type, contract.GenericArguments[0]);

    static IEnumerable<TypeReference> Contracts(TypeDefinition type) =>
        type.Interfaces.Select(i => i.InterfaceType).SelectMany(i => Contracts(i.Resolve()).Prepend(i.GetElementType()));
}
